// Prints one and the same receipt with a program of others: print.cjs PROGRAM DEVICE [CODEPAGES PAGE]
//   encoder  @point-of-sale/receipt-printer-encoder; CODEPAGES is its name for the printer's pages, PAGE of one
//   thermal  node-thermal-printer
'use strict';

const fs = require('fs');
const { createRequire } = require('module');

const installed = createRequire(process.cwd() + '/');
const [program, device, codepages, page] = process.argv.slice(2);
const lines = ['Поликлиника №3', 'Щербакова Елена Юрьевна', 'съешь ещё этих булок'];
const code = '9d8ea16f-205b-4bc7-92e5-752cd84cb0db';

function encoder() {
	const Encoder = installed('@point-of-sale/receipt-printer-encoder');
	const e = new Encoder({ language: 'esc-pos', codepageMapping: codepages, columns: 32 });
	e.initialize().codepage(page).align('center').size(2, 2).bold(true).line(lines[0]).size(1, 1).bold(false);
	e.line(lines[1]).line(lines[2]).qrcode(code, { model: 2, size: 6, errorlevel: 'm' }).cut();
	fs.writeFileSync(device, e.encode());
}

async function thermal() {
	const { printer: Printer, types, characterSet } = installed('node-thermal-printer');
	const p = new Printer({ type: types.EPSON, interface: device, characterSet: characterSet.PC866_CYRILLIC2 });
	if (!await p.isPrinterConnected()) {
		throw new Error('not connected');
	}
	p.alignCenter();
	p.setTextQuadArea();
	p.bold(true);
	p.println(lines[0]);
	p.setTextNormal();
	p.bold(false);
	p.println(lines[1]);
	p.println(lines[2]);
	p.printQR(code, { cellSize: 6, correction: 'M', model: 2 });
	p.cut();
	await p.execute();
}

Promise.resolve({ encoder, thermal }[program]()).catch((e) => {
	console.error(e);
	process.exitCode = 1;
});
