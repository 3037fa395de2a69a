/** The part of the report about the run itself: network, time, machine, the command that does it again, and its files. */
import { type Content, html, type Markup } from './html.ts';
import type { ReportData } from './report-data.ts';
import type { ReportText } from './report-text.ts';

function row(term: string, value: Content): Markup {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** The address of a file beside the report; `./` keeps a name with a colon from being taken for another protocol. */
function addressOf(name: string): string {
  return `./${name.split('/').map(encodeURIComponent).join('/')}`;
}

function renderRun(data: ReportData, text: ReportText): Markup {
  const { model, versions, picturesPerSecond, peakMemoryBytes } = data;
  const { backend, instructionSet, threads, cpu, cores, memoryBytes, platform, architecture, node, cajal } = versions;
  return html`<dl class="facts">
    ${row(text.modelName, model.name)}
    ${row(text.inputShape, model.inputShape.join(' × '))}
    ${row(text.parameters, text.number(model.parameterCount))}
    ${data.optimizer && row(text.optimizer, text.optimizerValue(data.optimizer))}
    ${row(text.started, text.date(data.startedAt))}
    ${row(text.trainingTime, text.duration(data.seconds))}
    ${picturesPerSecond !== undefined && row(text.speed, text.perSecond(picturesPerSecond))}
    ${peakMemoryBytes !== undefined && row(text.memory, text.bytes(peakMemoryBytes))}
    ${row(text.processor, `${cpu}, ${text.cores(cores)}, ${text.bytes(memoryBytes)}`)}
    ${row(text.system, `${platform}, ${architecture}`)}
    ${row(text.engine, `${backend}, ${instructionSet}, ${text.threads(threads)}`)}
    ${row(text.kernels, html`<code>${versions.kernelHash}</code>`)}
    ${row(text.programs, `cajal ${cajal}, Node ${node}`)}
    ${row(text.seed, String(versions.seed))}
  </dl>`;
}

/** The sections about the run. */
export function renderProvenance(data: ReportData, text: ReportText): Markup {
  const { model, files, command, ending } = data;
  const rows = files.map(
    ({ name, description }) =>
      html`<tr><th scope="row" class="file"><a href="${addressOf(name)}">${name}</a></th><td>${description}</td></tr>`,
  );
  return html`<section>
      <h2>${text.modelHeading}</h2>${renderRun(data, text)}
      ${model.summary && html`<details><summary>${text.layers}</summary><pre>${model.summary}</pre></details>`}
    </section>
    <section>
      <h2>${text.repeatHeading}</h2><pre class="command">${command}</pre>
      ${ending && html`<p>${text.repeatExplanation}</p>`}
      ${
        rows.length > 0 &&
        html`<h3>${text.filesHeading}</h3><div class="scroll"><table>
        <thead><tr><th scope="col">${text.file}</th><th scope="col">${text.content}</th></tr></thead>
        <tbody>${rows}</tbody></table></div>`
      }
    </section>`;
}
