/** Protects the report from its input: whatever a name holds, it is text and never HTML. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHtml, html, htmlName, Markup } from '../../src/runs/html.ts';

test('values are escaped in elements and in attributes, markup is not', () => {
  const evil = `<script>alert("1" & '2')</script>`;
  assert.equal(
    html`<p title="${evil}">${evil}</p>${html`<b>${'<'}</b>`}`.text,
    '<p title="&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;">&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;</p><b>&lt;</b>',
  );
});

test('lists are joined, numbers written, nothing is nothing', () => {
  assert.equal(html`${[1, [html`<i></i>`, '&']]}|${undefined}|${false}|${0}`.text, '1<i></i>&amp;|||0');
  assert.equal(html`${new Markup('<hr>')}`.text, '<hr>');
});

test('characters that HTML may not hold are replaced', () => {
  assert.equal(escapeHtml('a\u0000b\u001b\u009f\ud800c\n\td🧫'), 'a\ufffdb\ufffd\ufffd\ufffdc\n\td🧫');
});

test('names are isolated from the text around them', () => {
  assert.equal(htmlName('\u202egnp.a<').text, '<bdi>\u202egnp.a&lt;</bdi>');
});
