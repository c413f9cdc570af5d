// A Pico that is run from outside, by lines of JSON: commands on standard input,
// each answered on standard output by any number of events and one line with "end".
//
// UART 1 is its network. The program on the board asks, and is answered at once;
// while somebody outside thinks about the answer, its time stands still:
//
//	'O'                 open a connection      one byte: 0, or why not
//	'W' n <n bytes>     write                  one byte: 0, or 1 as it is closed
//	'R' n               read at most n bytes   one byte: how many, and they; 0 none
//	                                           yet, 254 the end, 255 broken off
//	'C'                 close it               nothing
//	'K' at at n         roots to trust, from   one byte: how many, and they; 0 at the
//	                    there at most n bytes  end
//	'T'                 what time is it        8 bytes: seconds since 1970, big-endian

import { readFileSync, readSync, writeSync } from 'node:fs'
import { Pico, load } from './pico.mjs'

let input = Buffer.alloc(0)

function receive() {
	for (;;) {
		const end = input.indexOf(10)
		if (end >= 0) {
			const line = input.subarray(0, end).toString()
			input = input.subarray(end + 1)
			return JSON.parse(line)
		}
		const chunk = Buffer.alloc(1 << 17)
		const n = readSync(0, chunk)
		if (n === 0) process.exit(0)
		input = Buffer.concat([input, chunk.subarray(0, n)])
	}
}

function send(message) {
	const line = Buffer.from(JSON.stringify(message) + '\n')
	for (let done = 0; done < line.length; ) done += writeSync(1, line, done)
}

const flash = new Uint8Array(2 << 20).fill(0xff)
const levels = new Map() // what is held at the pins
let pico, stop
let unix = 0
let roots = Buffer.alloc(0)
let request = []
let answer = []

function open(seed) {
	pico = new Pico({ flash, seed, levels })
	const lines = ['', '']
	const text = (n, byte) => {
		if (byte !== 10) {
			if (byte !== 13) lines[n] += String.fromCharCode(byte)
			return
		}
		send({ ms: pico.ms, text: lines[n] })
		if (stop?.text && lines[n].includes(stop.text)) stop.met = true
		if (stop?.lines?.includes(lines[n])) stop.met = true
		lines[n] = ''
	}
	pico.onUART = (n, byte) => (n === 0 ? text(0, byte) : network(byte))
	pico.onUSB = (data) => data.forEach((byte) => text(1, byte))
	pico.onPin = (pin, on) => {
		if (pin < 2 || (pin >= 4 && pin < 6)) return // the UARTs
		send({ ms: pico.ms, pin, on })
		if (stop?.pin === pin && stop.on === on) stop.met = true
	}
	pico.onFlash = (what, at, size) => send({ ms: pico.ms, flash: what, at, size })
}

function network(byte) {
	request.push(byte)
	const ask = (message) => {
		send({ ms: pico.ms, ...message })
		return receive()
	}
	switch (String.fromCharCode(request[0])) {
		case 'O':
			answer.push(ask({ net: 'open' }).status)
			break
		case 'C':
			send({ ms: pico.ms, net: 'close' })
			break
		case 'T': {
			const seconds = Buffer.alloc(8)
			seconds.writeBigInt64BE(BigInt(Math.floor(unix + pico.ms / 1000)))
			answer.push(...seconds)
			break
		}
		case 'K': {
			if (request.length < 4) return
			const at = (request[1] << 8) | request[2]
			const bytes = roots.subarray(at, at + request[3])
			answer.push(bytes.length, ...bytes)
			break
		}
		case 'W':
			if (request.length < 2 || request.length < 2 + request[1]) return
			answer.push(ask({ net: 'write', data: Buffer.from(request.slice(2)).toString('base64') }).status)
			break
		case 'R': {
			if (request.length < 2) return
			const { status, data } = ask({ net: 'read', size: request[1] })
			const bytes = Buffer.from(data ?? '', 'base64')
			answer.push(bytes.length > 0 ? bytes.length : status, ...bytes)
			break
		}
		default:
			pico.fault ||= `network: there is no request ${request[0]}`
	}
	request = []
	if (answer.length > 0) feed()
}

// The answer arrives at a bit less than a megabaud.
function feed() {
	const { clock, uart } = pico.mcu
	const alarm = clock.createAlarm(() => {
		uart[1].feedByte(answer.shift())
		if (answer.length > 0) alarm.schedule(11e3)
	})
	alarm.schedule(11e3)
}

const commands = {
	load({ file }) {
		load(flash, readFileSync(file))
	},
	// Bytes of the flash, as somebody with a programmer would change and read them.
	poke({ at, data }) {
		const bytes = Buffer.from(data, 'base64')
		flash.set(bytes, at)
		pico?.flash.set(bytes, at)
	},
	peek({ at, size }) {
		return { data: Buffer.from((pico?.flash ?? flash).subarray(at, at + size)).toString('base64') }
	},
	// Power on. It is off before.
	power({ seed }) {
		const before = pico ? pico.before + pico.mcu.clock.nanos : 0
		if (pico) flash.set(pico.flash)
		request = []
		answer = []
		open(seed)
		pico.before = before
	},
	// What time it is when the board is switched on first, and whom to trust.
	world(message) {
		unix = message.unix
		roots = Buffer.from(message.roots)
	},
	run({ ms, until, cut }) {
		stop = until ? { ...until } : null
		if (cut) pico.cut = { operation: pico.flashOperations + cut.operation, part: cut.part }
		const why = pico.run(ms, () => stop?.met)
		if (why === 'watchdog') {
			request = []
			answer = []
		}
		return { why, fault: pico.fault || undefined }
	},
	// The program gets stuck where it is, as by a loop without an end; interrupts go
	// on. The next start has the flash as it was.
	hang() {
		return { why: pico.hang() ? '' : 'elsewhere' }
	},
	hold({ pin, on }) {
		levels.set(pin, on)
		pico?.hold(pin, on)
	},
	type({ text }) {
		// As fast as somebody who pastes: the next once the last was taken.
		const bytes = [...Buffer.from(text)]
		const { clock, uart } = pico.mcu
		const alarm = clock.createAlarm(() => {
			uart[0].feedByte(bytes.shift())
			if (bytes.length > 0) alarm.schedule(90e3)
		})
		alarm.schedule(90e3)
	},
}

for (;;) {
	const message = receive()
	let more
	try {
		more = commands[message.do](message)
	} catch (e) {
		more = { why: 'error', fault: String(e) }
	}
	send({ ms: pico?.ms ?? 0, cycles: pico?.cycles ?? 0, end: message.do, ...more })
}
