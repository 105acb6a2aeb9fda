// Decodes tickets with npos and iconv-lite.
// Standard input: [{ job: BASE64, pages: { NUMBER: ENCODING }, first: NUMBER }].
// Standard output, for each: { lines, qr, cuts, pictures: [{ width, height, wide, high, bits: BASE64 }], error }.
'use strict';

const { createRequire } = require('module');

const installed = createRequire(process.cwd() + '/');
const _ = installed('lodash');
const iconv = installed('iconv-lite');
const Parser = installed('npos/lib/parser');
const rules = installed('npos/lib/parser/rules');

const ESC = 0x1B;
const GS = 0x1D;
// What npos does not know: the lengths of GS ( k, GS e and ESC i, by Epson's and Custom's manuals.
const known = _.merge({}, rules);
known[GS]['(k'] = [0, 'd16'];
known[GS].e = [0, (raw, offset) => (raw[offset] === 3 ? 2 : 1)];
known[ESC].i = 0;
known[ESC].v = 0;

function bits(columns, width, height, at) {
	const stride = Math.ceil(width / 8);
	const b = Buffer.alloc(stride * height);
	for (let x = 0; x < width; x++) {
		for (let y = 0; y < height; y++) {
			if (columns[at + x * 3 + (y >> 3)] & (0x80 >> (y & 7))) {
				b[y * stride + (x >> 3)] |= 0x80 >> (x & 7);
			}
		}
	}
	return b;
}

function decode({ job, pages, first }) {
	const raw = Buffer.from(job, 'base64');
	const { tree, error } = new Parser(known).analyze(raw);
	const paper = { lines: [], qr: [], cuts: 0, pictures: [], error: error ? error.message : '' };
	let page = pages[first];
	let line = '';
	let stored = '';
	let stripe = false; // of ESC *, which the next line feed prints
	const end = () => {
		if (!stripe || line !== '') {
			paper.lines.push(line);
		}
		line = '';
		stripe = false;
	};
	for (const node of tree || []) {
		const data = raw.subarray(node.offset, node.offset + node.length);
		const command = node.ascii + (node.fn || '');
		switch (command) {
		case 'STX': // text
			for (const part of data.toString('latin1').split(/(\n)/)) {
				if (part === '\n') {
					end();
				} else {
					line += iconv.decode(Buffer.from(part, 'latin1'), page || 'ascii');
				}
			}
			break;
		case 'LF':
			end();
			break;
		case 'ESCt':
			page = pages[data[2]];
			break;
		case 'ESC@':
			page = pages[first];
			line = '';
			break;
		case 'GS(k':
			if (data[6] === 80) {
				stored = data.subarray(8, 5 + data.readUInt16LE(3)).toString('latin1');
			} else if (data[6] === 81) {
				paper.qr.push(stored);
			}
			break;
		case 'GSv0': {
			const stride = data.readUInt16LE(4);
			const height = data.readUInt16LE(6);
			paper.pictures.push({
				width: stride * 8, height, wide: data[3] & 1 ? 2 : 1, high: data[3] & 2 ? 2 : 1,
				bits: data.subarray(8, 8 + stride * height).toString('base64'),
			});
			break;
		}
		case 'ESC*': {
			const width = data.readUInt16LE(3);
			stripe = true;
			paper.pictures.push({
				width, height: 24, wide: 1, high: 1, bits: bits(data, width, 24, 5).toString('base64'),
			});
			break;
		}
		case 'GSV':
		case 'ESCi':
			paper.cuts++;
			break;
		}
	}
	return paper;
}

process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(decode)));
