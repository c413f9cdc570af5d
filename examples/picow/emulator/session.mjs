// A Pico that is run from outside, by lines of JSON: commands on standard input,
// each answered on standard output by any number of events and one line with "end".
//
// UART 1 is its radio. The program on the board asks, and is answered at once;
// while somebody outside thinks about the answer, its time stands still. A pin is
// high while a frame waits to be read.
//
//	'J' n <name> n <password>   join a network       one byte: 0, or why not
//	'L'                         is it joined         one byte: 1, or 0
//	'S' n n <frame>             send a frame         nothing
//	'R' n                       read at most n bytes one byte: how many, and they; 0 at
//	                            of the frame         the end of the frame
//	'M'                         memory to do without one byte: so many KB
//	'K' at at n                 roots to trust, from one byte: how many, and they; 0 at
//	                            there at most n      the end

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

// The pin that says that a frame waits, and how often who is outside is asked for
// one, in milliseconds.
const waiting = 22
const tick = 10

const flash = new Uint8Array(2 << 20).fill(0xff)
const levels = new Map() // what is held at the pins
let pico, stop
let roots = Buffer.alloc(0)
let without = 0
let request = []
let answer = []
let frames = []
let joined = false

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
		if (pin < 2 || (pin >= 4 && pin < 6) || pin === waiting) return // the UARTs
		send({ ms: pico.ms, pin, on })
		if (stop?.pin === pin && stop.on === on) stop.met = true
	}
	pico.onFlash = (what, at, size) => send({ ms: pico.ms, flash: what, at, size })
	pico.onStart = plug
	plug()
}

// What is outside has no memory of what was before a start of the board.
function plug() {
	request = []
	answer = []
	frames = []
	joined = false
	pico.hold(waiting, false)
	const { clock } = pico.mcu
	const alarm = clock.createAlarm(() => {
		arrive(ask({ net: 'tick' }))
		alarm.schedule(tick * 1e6)
	})
	alarm.schedule(tick * 1e6)
}

function ask(message) {
	send({ ms: pico.ms, ...message })
	return receive()
}

function arrive(message) {
	frames.push(...(message.frames ?? []).map((frame) => Buffer.from(frame, 'base64')))
	pico.hold(waiting, frames.length > 0)
}

function network(byte) {
	request.push(byte)
	switch (String.fromCharCode(request[0])) {
		case 'J': {
			const name = request[1]
			const password = request[2 + name]
			if (password === undefined || request.length < 3 + name + password) return
			const text = Buffer.from(request)
			const { status } = ask({
				net: 'join', name: text.toString('utf8', 2, 2 + name), password: text.toString('utf8', 3 + name),
			})
			joined = status === 0
			answer.push(status)
			break
		}
		case 'L':
			answer.push(joined ? 1 : 0)
			break
		case 'S':
			if (request.length < 3 || request.length < 3 + (request[1] << 8) + request[2]) return
			if (joined) arrive(ask({ net: 'frame', data: Buffer.from(request.slice(3)).toString('base64') }))
			break
		case 'R': {
			if (request.length < 2) return
			if (frames.length === 0) {
				pico.fault ||= 'the radio has no frame'
				break
			}
			const bytes = frames[0].subarray(0, request[1])
			frames[0] = frames[0].subarray(bytes.length)
			answer.push(bytes.length, ...bytes)
			if (bytes.length === 0) {
				frames.shift()
				arrive({})
			}
			break
		}
		case 'M':
			answer.push(without)
			break
		case 'K': {
			if (request.length < 4) return
			const at = (request[1] << 8) | request[2]
			const bytes = roots.subarray(at, at + request[3])
			answer.push(bytes.length, ...bytes)
			break
		}
		default:
			pico.fault ||= `the radio knows no request ${request[0]}`
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
	// How much of the stack of each goroutine was never used, in bytes. The lowest word
	// of a stack is a mark of TinyGo's, and the rest was zero at first.
	stacks() {
		const words = new Uint32Array(pico.mcu.sram.buffer, pico.mcu.sram.byteOffset, pico.mcu.sram.length / 4)
		const unused = []
		for (let at = words.indexOf(0xb83bf575); at >= 0; at = words.indexOf(0xb83bf575, at + 1)) {
			let end = at + 1
			while (words[end] === 0) end++
			unused.push(4 * (end - at - 1))
		}
		return { unused }
	},
	peek({ at, size }) {
		return { data: Buffer.from((pico?.flash ?? flash).subarray(at, at + size)).toString('base64') }
	},
	// Power on. It is off before.
	power({ seed }) {
		const before = pico ? pico.before + pico.mcu.clock.nanos : 0
		if (pico) flash.set(pico.flash)
		open(seed)
		pico.before = before
	},
	// Whom the board is to trust, from its next start on.
	trust(message) {
		roots = Buffer.from(message.roots)
	},
	// How many KB of its memory it is to do without, likewise.
	memory(message) {
		without = message.without
	},
	// Whether the radio has a link; it comes back with a new join only.
	unlink() {
		joined = false
	},
	run({ ms, until, cut }) {
		stop = until ? { ...until } : null
		if (cut) pico.cut = { operation: pico.flashOperations + cut.operation, part: cut.part }
		const why = pico.run(ms, () => stop?.met)
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
	// Somebody at the serial port, or at the one over USB. As fast as somebody who
	// pastes: the next byte once the last was taken.
	type({ text, usb }) {
		const bytes = [...Buffer.from(text)]
		const { clock, uart } = pico.mcu
		const alarm = clock.createAlarm(() => {
			const byte = bytes.shift()
			usb ? pico.typeUSB(byte) : uart[0].feedByte(byte)
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
