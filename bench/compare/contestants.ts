/** Who takes part: cajal's ways and its peers', each as a process that answers lines. A new peer is a row here and a script. */

/** What a workload does, as `workloads.json` says it. */
export interface Workload {
  readonly title: string;
  readonly kind: 'train' | 'fit' | 'predict';
  readonly network: string;
  readonly batch: number;
  /** Timed steps before the next contestant has its turn. */
  readonly perTurn: number;
}

/** The folders of packages that contestants run with. */
export type EnvironmentName = 'keras' | 'torch' | 'jax' | 'onnxruntime' | 'node';

/** One row of a table of results. */
export interface Contestant {
  readonly id: string;
  /** The word that `--peers` chooses it by; `cajal` for its own. */
  readonly peer: string;
  readonly environment: EnvironmentName;
  readonly script: string;
  readonly variant: string;
  /** Networks are read from an ONNX file. */
  readonly needsOnnx?: true;
  readonly takesPart: (workload: Workload) => boolean;
}

const always = () => true;
const predicts = ({ kind }: Workload) => kind === 'predict';
const hasPictures = ({ kind }: Workload) => kind !== 'fit';

function own(backend: string, way?: 'engine' | 'bytes'): Contestant {
  const takesPart = {
    engine: predicts,
    bytes: ({ network }: Workload) => network === 'cnn13',
  };
  return {
    id: ['cajal', backend, way].filter(Boolean).join('-'),
    peer: 'cajal',
    environment: 'node',
    script: 'node/cajal.mjs',
    variant: way ? `${backend} ${way}` : backend,
    takesPart: way ? takesPart[way] : always,
  };
}

function python(id: string, peer: EnvironmentName, variant: string, takesPart: Contestant['takesPart']): Contestant {
  return { id, peer, environment: peer, script: `python/${peer}_peer.py`, variant, takesPart };
}

function node(id: string, peer: string, script: string, variant: string): Contestant {
  return { id, peer, environment: 'node', script: `node/${script}.mjs`, variant, takesPart: always };
}

/** The peers, in the order in which they start and have their turns. */
const peers: readonly Contestant[] = [
  python('keras', 'keras', 'auto', always),
  python('keras-jit', 'keras', 'jit', always),
  python('torch-default', 'torch', 'default', always),
  python('torch-channels-last', 'torch', 'channels-last', hasPictures),
  python('torch-compile', 'torch', 'compile', always),
  python('jax', 'jax', 'jit', always),
  { ...python('onnxruntime', 'onnxruntime', 'cpu', predicts), needsOnnx: true },
  { ...node('onnxruntime-node', 'onnxruntime-node', 'onnxruntime', 'cpu'), takesPart: predicts, needsOnnx: true },
  node('tfjs-wasm', 'tfjs', 'tfjs', 'wasm'),
  node('tfjs-cpu', 'tfjs', 'tfjs', 'cpu'),
  node('jaxjs', 'jaxjs', 'jaxjs', 'wasm'),
];

/** The words that `--peers` knows. */
export const peerNames: readonly string[] = [...new Set(peers.map(({ peer }) => peer))];

/** Everyone who takes part: cajal on the named backends, then the named peers. */
export function contestantsFor(backends: readonly string[], chosen: readonly string[]): Contestant[] {
  const ours = backends.flatMap((backend) => [own(backend), own(backend, 'engine'), own(backend, 'bytes')]);
  return [...ours, ...peers.filter(({ peer }) => chosen.includes(peer))];
}

/** The environment that gives every engine so many threads and no accelerator; each reads its own part. */
export function threadEnvironment(threads: number): Record<string, string> {
  const count = String(threads);
  return {
    OMP_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    NPROC: count,
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: count,
    TF_CPP_MIN_LOG_LEVEL: '3',
    KERAS_BACKEND: 'tensorflow',
    JAX_PLATFORMS: 'cpu',
    CUDA_VISIBLE_DEVICES: '',
  };
}
