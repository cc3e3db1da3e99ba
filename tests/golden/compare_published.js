// tests/golden/compare_published.js -- runs published.txt through TensorFlow.js and ONNX Runtime Web
//
//     npm install --ignore-scripts @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 \
//         onnxruntime-web@1.30.0
//     NODE_PATH=node_modules node tests/golden/compare_published.js
//
// Prints how many cases of each call agreed and how many the system refused (ONNX Runtime has no auto_pad with a
// dilation), and ends with 1 when one of them differs.
const fs = require('fs');
const path = require('path');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const ort = require('onnxruntime-web');
ort.env.wasm.numThreads = 1;

const list = (text) => text.split(',').map(Number);
const plane = (values, fill) => (values.length === 1 ? [fill, ...values] : values);  // TensorFlow.js: two axes

function read(file) {
  const arrays = {}, cases = [];
  for (const text of fs.readFileSync(file, 'utf8').split('\n')) {
    const words = text.split(' ');
    if (words[0] === 'array')
      arrays[words[1]] = {shape: words[2].split('x').map(Number), values: words.slice(3).map(Number)};
    if (words[0] !== 'case') continue;
    const arrow = words.indexOf('->');
    const o = Object.fromEntries(words.slice(2, arrow).map((word) => word.split('=')));
    cases.push({text, call: words[1], o, x: arrays[o.x.split(':')[0]], h: arrays[o.h.split(':')[0]],
                shape: words[arrow + 2].split('x').map(Number), y: words.slice(arrow + 3).map(Number)});
  }
  return cases;
}

function tensorflow({call, o, x, h}) {
  const stride = plane(list(o.stride), 1);
  const input = tf.tensor4d(x.values, [1, ...plane(x.shape, 1), 1]);
  const kernel = tf.tensor4d(h.values, [...plane(h.shape, 1), 1, 1]);
  let y;
  if (call === 'tensorflow.conv') {
    let padding = o.padding.toLowerCase();
    if (padding === 'explicit') {
      const low = plane(list(o.low), 0), high = plane(list(o.high), 0);
      padding = [[0, 0], [low[0], high[0]], [low[1], high[1]], [0, 0]];
    }
    y = tf.conv2d(input, kernel, stride, padding, 'NHWC', plane(list(o.dilation), 1));
  } else {
    y = tf.conv2dTranspose(input, kernel, [1, ...plane(list(o.output_size), 1), 1], stride, o.padding.toLowerCase());
  }
  return {shape: y.shape.slice(1, 3).slice(-x.shape.length), values: Array.from(y.dataSync())};
}

// An ONNX model is a protocol buffer: fields of integers and of bytes, by number.
const varint = (n) => (n < 128 ? [Number(n)] : [Number(BigInt(n) & 127n) | 128, ...varint(BigInt(n) >> 7n)]);
const integer = (field, n) => [...varint(field << 3), ...varint(BigInt.asUintN(64, BigInt(n)))];
const bytes = (field, content) => {
  const b = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint((field << 3) | 2), ...varint(b.length), ...b];
};

function model(operator, attributes, rank) {
  const attribute = ([name, v]) => [
    ...bytes(1, name), ...(Array.isArray(v) ? [...v.flatMap((n) => integer(8, n)), ...integer(20, 7)]
                                            : [...bytes(4, v), ...integer(20, 3)])];
  const value = (name) => {
    const extents = Array.from({length: rank}, (_, a) => bytes(1, bytes(2, name + a))).flat();
    return [...bytes(1, name), ...bytes(2, bytes(1, [...integer(1, 1), ...bytes(2, extents)]))];
  };
  const node = [...bytes(1, 'x'), ...bytes(1, 'w'), ...bytes(2, 'y'), ...bytes(4, operator),
                ...Object.entries(attributes).flatMap((a) => bytes(5, attribute(a)))];
  const graph = [...bytes(1, node), ...bytes(2, 'g'), ...bytes(11, value('x')), ...bytes(11, value('w')),
                 ...bytes(12, value('y'))];
  return Uint8Array.from([...integer(1, 8), ...bytes(7, graph), ...bytes(8, [...bytes(1, ''), ...integer(2, 17)])]);
}

async function onnx({call, o, x, h}) {
  const attributes = {strides: list(o.stride), dilations: list(o.dilation), kernel_shape: h.shape};
  if (o.padding && o.padding !== 'EXPLICIT') attributes.auto_pad = o.padding;
  if (o.auto_pad) attributes.auto_pad = o.auto_pad;
  if (o.low) attributes.pads = [...list(o.low), ...list(o.high)];
  if (o.output_padding) attributes.output_padding = list(o.output_padding);
  if (o.output_shape) attributes.output_shape = list(o.output_shape);
  const operator = call === 'onnx.conv' ? 'Conv' : 'ConvTranspose';
  const session = await ort.InferenceSession.create(model(operator, attributes, x.shape.length + 2),
                                                    {executionProviders: ['wasm'], logSeverityLevel: 4});
  const as_tensor = (a) => new ort.Tensor('float32', Float32Array.from(a.values), [1, 1, ...a.shape]);
  const {y} = await session.run({x: as_tensor(x), w: as_tensor(h)}, {logSeverityLevel: 4});
  await session.release();
  return {shape: y.dims.slice(2).map(Number), values: Array.from(y.data)};
}

async function main() {
  await tf.setBackend('cpu');
  const equal = {}, refused = {};
  let differing = 0;
  for (const c of read(path.join(__dirname, 'published.txt'))) {
    const ask = {tensorflow, onnx}[c.call.split('.')[0]];
    if (!ask) continue;
    let answer;
    try {
      answer = await ask(c);
    } catch (refusal) {
      refused[c.call] = (refused[c.call] || 0) + 1;
      continue;
    }
    if (answer.shape.join() === c.shape.join() && answer.values.join() === c.y.join()) {
      equal[c.call] = (equal[c.call] || 0) + 1;
    } else {
      ++differing;
      console.log('differs:', c.text, '| answered:', answer.shape.join('x'), answer.values.join(' '));
    }
  }
  console.log('equal:', equal, 'refused:', refused, 'differing:', differing);
  process.exit(differing ? 1 : 0);
}

main();
