// tests/golden/make_published.js -- what TensorFlow.js and ONNX Runtime answer, written to tensorflow.txt and onnx.txt
//
//     npm install --ignore-scripts @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 \
//         onnxruntime-web@1.30.0
//     NODE_PATH=node_modules node tests/golden/make_published.js
//
// golden_file.py explains the format. Neither system is in Debian. `padding` is SAME, VALID, SAME_UPPER, SAME_LOWER, or
// EXPLICIT with the lists `low` and `high`. A refusal is recorded by the name of its exception; a result with a
// negative extent, which TensorFlow.js leaves behind where nothing fits, as NegativeExtent.
const fs = require('fs');
const path = require('path');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const ort = require('onnxruntime-web');
ort.env.wasm.numThreads = 1;

// --- the golden file, as golden_file.py writes it ---

function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

// The operand called NAME: i signed digits; the taps of h are never 0.
function values(name) {
  const shape = name.slice(2).split('x').map(Number);
  let state = BigInt(crc32(name));
  const next = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 48n);
  };
  const digit = () => {
    if (name[1] !== 'h') return next() % 19 - 9;
    const size = next() % 4 + 1;
    return next() % 2 ? size : -size;
  };
  return {shape, values: Array.from({length: shape.reduce((a, b) => a * b, 1)}, digit)};
}

class golden_file {
  constructor(name, caption) {
    Object.assign(this, {name, caption, lines: [], cases: 0, written: new Set()});
  }

  operand(name) {
    const a = values(name);
    if (!this.written.has(name)) {
      this.written.add(name);
      this.lines.push(['array', name, a.shape.join('x'), ...a.values].join(' '));
    }
    return a;
  }

  async ask(call, answer, x, h, options, type = 'float32') {
    const operands = [this.operand(x), this.operand(h)];
    const words = ['case', call, ...Object.entries(options).map(([k, v]) => `${k}=${v}`), `x=${x}:${type}`,
                   `h=${h}:${type}`, '->'];
    try {
      const y = await answer(...operands, options, type);
      if (y.shape.some((n) => n < 0))
        words.push('error', 'NegativeExtent');
      else
        words.push(type, y.shape.join('x'), ...y.values.map((v) => v + 0));
    } catch (refusal) {
      words.push('error', refusal.constructor.name);
    }
    this.lines.push(words.join(' '));
    ++this.cases;
  }

  write() {
    const text = [`# ${this.caption}`, `# written by make_published.js, format in golden_file.py; ${this.cases} cases`,
                  ...this.lines, ''].join('\n');
    fs.writeFileSync(path.join(__dirname, this.name + '.txt'), text);
    console.log(`${this.name}: ${this.cases} cases, ${text.length} bytes`);
  }
}

// --- which questions ---

function* product(...lists) {
  if (lists.length === 0) return yield [];
  for (const first of lists[0])
    for (const rest of product(...lists.slice(1))) yield [first, ...rest];
}

const PLANES = [['5x4', '3x3'], ['5x4', '2x2'], ['5x4', '4x3'], ['4x6', '2x5'], ['2x3', '4x5']];
const VOLUMES = [['3x4x3', '3x3x3'], ['3x4x3', '2x2x2'], ['2x3x2', '3x4x5']];
const SIZES = [...product([1, 2, 5, 8], [1, 2, 3, 4, 7])].map((pair) => pair.map(String));
const STEPS = [[...product([1, 2, 3], [1, 2])].map(([s, d]) => [[s], [d]]),
               [[[1, 1], [1, 1]], [[2, 3], [1, 1]], [[1, 1], [2, 1]], [[2, 1], [1, 2]]],
               [[[1, 1, 1], [1, 1, 1]], [[2, 1, 2], [1, 1, 1]], [[1, 1, 1], [1, 2, 1]], [[2, 2, 2], [2, 2, 2]]]];

// In three axes no window stride is longer than the kernel: TensorFlow.js then pads SAME by a negative amount, where
// the text of TensorFlow has max(..., 0), as TensorFlow.js itself has it for two axes.
function* questions(paddings) {
  for (const [rank, sizes] of [SIZES, PLANES, VOLUMES].entries())
    for (const [[x, h], [stride, dilation], padding] of product(sizes, STEPS[rank], paddings[rank]))
      yield {rank: rank + 1, x: 'ix' + x, h: 'ih' + h, options: {...padding, stride, dilation}};
}

const named = (...names) => names.map((padding) => ({padding}));
const amounts = (...pairs) => pairs.map(([low, high]) => ({padding: 'EXPLICIT', low, high}));

// --- TensorFlow.js ---

const spatial = (y) => ({shape: y.shape.slice(1, -1), values: Array.from(y.dataSync())});

function tensorflow_conv(x, h, {padding, low, high, stride, dilation}, type) {
  const rank = x.shape.length;
  const input = tf.tensor(x.values, [1, ...x.shape, 1], type), kernel = tf.tensor(h.values, [...h.shape, 1, 1], type);
  let pad = padding.toLowerCase();
  if (pad === 'explicit') pad = [[0, 0], ...low.map((l, a) => [l, high[a]]), [0, 0]];
  if (rank === 1) return spatial(tf.conv1d(input, kernel, stride[0], pad, 'NWC', dilation[0]));
  if (rank === 2) return spatial(tf.conv2d(input, kernel, stride, pad, 'NHWC', dilation));
  return spatial(tf.conv3d(input, kernel, stride, pad, 'NDHWC', dilation));
}

function tensorflow_transpose(x, h, {padding, stride, output_size}, type) {
  const input = tf.tensor(x.values, [1, ...x.shape, 1], type), kernel = tf.tensor(h.values, [...h.shape, 1, 1], type);
  const transpose = x.shape.length === 2 ? tf.conv2dTranspose : tf.conv3dTranspose;
  return spatial(transpose(input, kernel, [1, ...output_size, 1], stride, padding.toLowerCase()));
}

async function tensorflow() {
  const out = new golden_file('tensorflow',
                              'TensorFlow.js 4.22.0, CPU: conv1d to conv3d, conv2dTranspose, conv3dTranspose');
  await tf.setBackend('cpu');
  // amounts by themselves are for two axes
  const both = named('SAME', 'VALID');
  const planes = amounts([[0, 0], [1, 2]], [[2, 1], [1, 0]], [[4, 3], [5, 4]], [[-1, 0], [2, 1]]);
  for (const {rank, x, h, options} of questions([both, [...both, ...planes], both]))
    await out.ask(`tensorflow.conv${rank}d`, tensorflow_conv, x, h, options);
  for (const type of ['bool', 'int32', 'complex64'])
    await out.ask('tensorflow.conv2d', tensorflow_conv, 'ix5x4', 'ih3x3',
                  {padding: 'VALID', stride: [1, 1], dilation: [1, 1]}, type);
  for (const [x, h, stride, padding] of [
         ...product(['4x3', '1x2'], ['3x3', '2x2', '4x1'], [[1, 1], [2, 3]], ['SAME', 'VALID']),
         ...product(['2x3x2'], ['3x3x3', '2x2x2'], [[1, 1, 1], [2, 1, 2]], ['SAME', 'VALID'])]) {
    const k = h.split('x').map(Number);
    const beyond = (a) => (padding === 'SAME' ? 0 : Math.max(k[a] - stride[a], 0));
    const output_size = x.split('x').map((n, a) => n * stride[a] + beyond(a));
    await out.ask(`tensorflow.conv${k.length}d_transpose`, tensorflow_transpose, 'ix' + x, 'ih' + h,
                  {padding, stride, output_size});
  }
  out.write();
}

// --- ONNX Runtime: a model is a protocol buffer, fields of integers and of bytes, by number ---

const varint = (n) => (n < 128 ? [Number(n)] : [Number(BigInt(n) & 127n) | 128, ...varint(BigInt(n) >> 7n)]);
const integer = (field, n) => [...varint(field << 3), ...varint(BigInt.asUintN(64, BigInt(n)))];
const bytes = (field, content) => {
  const b = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint((field << 3) | 2), ...varint(b.length), ...b];
};
const ONNX_TYPES = {float32: [1, Float32Array], uint8: [2, Uint8Array], int8: [3, Int8Array], int32: [6, Int32Array],
                    float64: [11, Float64Array]};

function model(operator, attributes, rank, type) {
  const attribute = ([name, v]) => [
    ...bytes(1, name), ...(Array.isArray(v) ? [...v.flatMap((n) => integer(8, n)), ...integer(20, 7)]
                                            : [...bytes(4, v), ...integer(20, 3)])];
  const value = (name) => {
    const extents = Array.from({length: rank}, (_, a) => bytes(1, bytes(2, name + a))).flat();
    return [...bytes(1, name), ...bytes(2, bytes(1, [...integer(1, ONNX_TYPES[type][0]), ...bytes(2, extents)]))];
  };
  const node = [...bytes(1, 'x'), ...bytes(1, 'w'), ...bytes(2, 'y'), ...bytes(4, operator),
                ...Object.entries(attributes).flatMap((a) => bytes(5, attribute(a)))];
  const graph = [...bytes(1, node), ...bytes(2, 'g'), ...bytes(11, value('x')), ...bytes(11, value('w')),
                 ...bytes(12, value('y'))];
  return Uint8Array.from([...integer(1, 8), ...bytes(7, graph), ...bytes(8, [...bytes(1, ''), ...integer(2, 17)])]);
}

const onnx_operator = (operator) => async (x, h, o, type) => {
  const attributes = {strides: o.stride, dilations: o.dilation, kernel_shape: h.shape};
  if (o.padding !== 'EXPLICIT') attributes.auto_pad = o.padding;
  if (o.low) attributes.pads = [...o.low, ...o.high];
  if (o.output_padding) attributes.output_padding = o.output_padding;
  if (o.output_shape) attributes.output_shape = o.output_shape;
  const session = await ort.InferenceSession.create(model(operator, attributes, x.shape.length + 2, type),
                                                    {executionProviders: ['wasm'], logSeverityLevel: 4});
  try {
    const as_tensor = (a) => new ort.Tensor(type, ONNX_TYPES[type][1].from(a.values), [1, 1, ...a.shape]);
    const {y} = await session.run({x: as_tensor(x), w: as_tensor(h)}, {logSeverityLevel: 4});
    return {shape: y.dims.slice(2).map(Number), values: Array.from(y.data, Number)};
  } finally {
    await session.release();
  }
};

async function onnx() {
  const out = new golden_file('onnx', 'ONNX Runtime Web 1.30.0, wasm: Conv and ConvTranspose');
  const conv = onnx_operator('Conv'), transpose = onnx_operator('ConvTranspose');
  const automatic = named('NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER');
  const explicit = [amounts([[0], [3]], [[2], [1]], [[4], [5]], [[-1], [2]]),
                    amounts([[0, 0], [1, 2]], [[4, 3], [5, 4]], [[-1, 0], [2, 1]]),
                    amounts([[1, 0, 2], [0, 2, 1]], [[2, 3, 4], [2, 3, 4]])];
  for (const {rank, x, h, options} of questions(explicit.map((list) => [...automatic, ...list])))
    await out.ask(`onnx.Conv${rank}`, conv, x, h, options);
  for (const type of ['int8', 'uint8', 'int32', 'float64'])
    await out.ask('onnx.Conv1', conv, 'ix5', 'ih3', {padding: 'VALID', stride: [1], dilation: [1]}, type);
  const lines = product([1, 4], [1, 2, 3, 4], [1, 2, 3], [1, 2], ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'],
                        [undefined, 'output_shape']);
  for (const [n, k, s, d, padding, given] of lines) {
    const options = {padding, stride: [s], dilation: [d]};
    // with less than a whole window the padding would be negative, which the text of ONNX does not define
    if ((given || padding.startsWith('SAME')) && d * (k - 1) + 1 < s) continue;
    if (given) options.output_shape = [n * s];
    await out.ask('onnx.ConvTranspose1', transpose, 'ix' + n, 'ih' + k, options);
  }
  const larger = [['4x3', '3x3'], ['4x3', '2x2'], ['2x3x2', '3x3x3'], ['2x3x2', '2x2x2']];
  for (const [[x, h], stride] of product(larger, [1, 2])) {
    const rank = h.split('x').length, all = (v) => Array(rank).fill(v);
    for (const [low, high, more] of [[0, 0, 0], [1, 0, 0], [0, 1, 1], [1, 1, 1]])
      await out.ask(`onnx.ConvTranspose${rank}`, transpose, 'ix' + x, 'ih' + h,
                    {padding: 'EXPLICIT', stride: all(stride), dilation: all(1), low: all(low), high: all(high),
                     output_padding: all(more)});
  }
  out.write();
}

(async () => {
  await tensorflow();
  await onnx();
  process.exit(0);
})();
