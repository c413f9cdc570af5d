// A Pico without the board: rp2040js, with what it lacks. It starts an image as
// the boot ROM does, erases and programs the flash, resets when the watchdog says
// so, and runs in virtual time, in which a sleep of the program costs nothing.

import { RP2040, USBCDC } from 'rp2040js'

const nanosPerCycle = 8 // 125 MHz
const flashSize = 2 << 20
const stage2At = 0x20041f00 // where the boot ROM copies the first 256 bytes to

export class Pico {
	// The flash is what the board has when it is switched on.
	constructor({ flash = new Uint8Array(flashSize).fill(0xff), seed = 1, levels = new Map() } = {}) {
		this.flash = flash
		this.random = generator(seed)
		this.before = 0 // nanoseconds that earlier starts took
		this.fault = ''
		this.cycles = 0 // that the processor did not sleep
		this.flashOperations = 0
		this.cut = null // {operation, part}: the power goes off within that flash operation
		this.levels = new Map(levels) // what is held at a pin from outside
		this.onPin = () => {}
		this.onUART = () => {}
		this.onUSB = () => {}
		this.onFlash = () => {}
		this.onStart = () => {} // again, by the watchdog
		this.start(0)
	}

	// Time since the first start.
	get ms() {
		return (this.before + this.mcu.clock.nanos) / 1e6
	}

	// Begins anew as after power-on, or after a reset by the watchdog.
	start(reason) {
		this.before += this.mcu ? this.mcu.clock.nanos : 0
		if (this.stuck) this.mcu.flashView.setUint16(this.stuck.at, this.stuck.was, true)
		this.stuck = null
		const mcu = (this.mcu = new RP2040())
		mcu.flash.set(this.flash)
		this.flash = mcu.flash.subarray(0, flashSize)
		this.off = false
		this.bitten = false

		// The emulator has no hard fault: a program that went astray runs on. What
		// gives it away is an address that no program of a compiler uses.
		const fault = (component, message) => (this.fault ||= `${component}: ${message}`)
		mcu.logger = { debug() {}, info() {}, error: fault, warn: (c, m) => /invalid memory|undefined address/.test(m) && fault(c, m) }

		// It leaves the Thumb bit in PC when an exception begins, so that a switch
		// table of the handler is read one byte off.
		const { core } = mcu
		const enter = core.exceptionEntry
		core.exceptionEntry = function (number) {
			enter.call(this, number)
			this.PC &= ~1
		}

		// It adds the carry to an operand before it looks at the operand's sign, so that
		// a comparison of 64-bit numbers with the largest one goes wrong.
		const { substractUpdateFlags: subtract, addUpdateFlags: add } = core
		const instruction = () => core.readUint16(core.PC - 2) >> 6
		core.substractUpdateFlags = function (a, b) {
			const borrows = b === 0x80000000 && !this.C && instruction() === 0b0100000110 // sbcs
			const result = subtract.call(this, a, b)
			if (borrows) this.V = a >= 0x80000000 // below the lowest
			return result
		}
		core.addUpdateFlags = function (a, b) {
			const carries = b === 0x80000000 && this.C && instruction() === 0b0100000101 // adcs
			const result = add.call(this, a, b)
			if (carries) this.V = a < 0x80000000 // above the highest
			return result
		}

		// It has no ring oscillator: a random bit where the real one has its own.
		const oscillator = mcu.peripherals[0x40060]
		oscillator.readUint32 = (offset) => (offset === 0x1c ? this.random() & 1 : 0)
		oscillator.writeUint32 = () => {}
		const flashPins = mcu.peripherals[0x40018]
		flashPins.readUint32 = () => 0
		flashPins.writeUint32 = () => {}

		const watchdog = mcu.peripherals[0x40058]
		watchdog.reason = reason
		watchdog.onWatchdogTrigger = () => {
			watchdog.alarm.enable = false // it would go off for ever at this very moment
			this.bitten = true
		}

		this.#rom()
		this.#serial()
		mcu.gpio.forEach((pin, n) => {
			if (this.levels.has(n)) pin.setInputValue(this.levels.get(n))
			let on = false
			pin.addListener((state) => {
				if ((state === 1) !== on) this.onPin(n, (on = state === 1))
			})
		})

		if (checksum(this.flash.subarray(0, 252)) !== mcu.flashView.getUint32(252, true)) {
			this.fault ||= 'the checksum of the boot stage is wrong: this is no image for an RP2040'
		}
		mcu.sram.set(this.flash.subarray(0, 256), stage2At - 0x20000000)
		core.SP = stage2At
		core.LR = 0
		core.PC = stage2At
	}

	// Runs for so long, or until something went wrong or stop() says so.
	run(ms, stop = () => false) {
		const end = this.before + this.mcu.clock.nanos + ms * 1e6
		while (!this.fault && !this.off && !stop()) {
			if (this.bitten) {
				this.start(1)
				this.onStart()
				return 'watchdog'
			}
			const { clock, core } = this.mcu
			const left = end - this.before - clock.nanos
			if (left <= 0) return 'time'
			if (core.waiting) {
				const { nanosToNextAlarm } = clock
				clock.tick(Math.max(nanosPerCycle, Math.min(nanosToNextAlarm || left, left)))
				continue
			}
			if (this.stuck && core.PC === 0x10000000 + this.stuck.at) {
				clock.tick(Math.min(10_000, left))
				core.executeInstruction() // the loop, or an interrupt
				continue
			}
			// A clock that ticks for a microsecond at once is exact enough, and cheaper.
			let cycles = 0
			while (cycles < 125 && !core.waiting) cycles += core.executeInstruction()
			this.cycles += cycles
			clock.tick(cycles * nanosPerCycle)
		}
		return this.fault ? 'fault' : this.off ? 'off' : 'stop'
	}

	// Has the program loop for ever at its next instruction, unless it is in an
	// interrupt or not in flash.
	hang() {
		const { core, flashView } = this.mcu
		const at = core.PC - 0x10000000
		if (core.IPSR !== 0 || at < 0 || at >= flashSize) return false
		this.stuck = { at, was: flashView.getUint16(at, true) }
		flashView.setUint16(at, 0xe7fe, true) // b .
		return true
	}

	// Holds a pin at a level from outside, as a button does.
	hold(pin, level) {
		this.levels.set(pin, level)
		this.mcu.gpio[pin].setInputValue(level)
	}

	// The boot ROM is not there. Programs ask it for its flash functions: a look-up
	// and stubs that stop at a breakpoint each, which is answered here.
	#rom() {
		const { mcu } = this
		const rom = new DataView(mcu.bootrom.buffer)
		const functions = ['IF', 'EX', 'FC', 'CX', 'RE', 'RP', 'UB']
		const stub = (at, n) => {
			rom.setUint16(at, 0xbe00 | n, true) // bkpt n
			rom.setUint16(at + 2, 0x4770, true) // bx lr
		}
		rom.setUint16(0x14, 0x20, true) // table of functions, which only the look-up reads
		rom.setUint16(0x18, 0x41, true) // the look-up
		stub(0x40, 0xff)
		functions.forEach((_, n) => stub(0x60 + 4 * n, n))
		mcu.onBreak = (n) => {
			const r = mcu.core.registers
			if (n === 0xff) {
				const at = functions.indexOf(String.fromCharCode(r[1] & 0xff, (r[1] >> 8) & 0xff))
				r[0] = at < 0 ? 0 : (0x60 + 4 * at) | 1
				return
			}
			switch (functions[n]) {
				case 'RE': {
					const [at, size] = [r[0], r[1]]
					this.#change('erase', at, size, () => 0xff)
					break
				}
				case 'RP': {
					const [at, from, size] = [r[0], r[1], r[2]]
					this.#change('program', at, size, (i) => this.flash[at + i] & mcu.readUint8((from + i) >>> 0))
					break
				}
				case 'UB':
					this.fault ||= 'the program asked for the USB boot loader'
					break
			}
		}
	}

	// A flash operation; one that the power goes off in does only a part.
	#change(what, at, size, byte) {
		this.flashOperations++
		const last = this.cut && this.flashOperations >= this.cut.operation
		const n = last ? Math.floor(size * this.cut.part) : size
		for (let i = 0; i < n; i++) this.flash[at + i] = byte(i)
		this.onFlash(what, at, size)
		if (last) {
			this.cut = null
			this.off = true
		}
	}

	#serial() {
		const { mcu } = this
		mcu.uart.forEach((uart, n) => (uart.onByte = (byte) => this.onUART(n, byte)))

		// Its USB host asks the device for what is asked of an interface, which TinyGo
		// does not answer, and answers each read with an empty packet at once, so that
		// the program does nothing but handle interrupts.
		const usb = mcu.usbCtrl
		const serial = (this.usb = new USBCDC(usb))
		serial.cdcSetControlLineState = (value = 3) => {
			usb.sendSetupPacket(Uint8Array.of(0x21, 0x22, value, 0, 0, 0, 0, 0))
			serial.initialized = true
		}
		const read = usb.onEndpointRead
		let asked = null // what the program wants to read, while there is nothing
		usb.onEndpointRead = (endpoint, size) => {
			if (endpoint !== serial.outEndpoint || serial.txFIFO.itemCount > 0) read(endpoint, size)
			else asked = size
		}
		this.typeUSB = (byte) => {
			serial.sendSerialByte(byte)
			if (asked === null) return
			const size = asked
			asked = null
			read(serial.outEndpoint, size)
		}
		serial.onSerialData = (data) => this.onUSB(data)
	}
}

// Puts an image, UF2 or ELF, into the flash.
export function load(flash, image) {
	const base = 0x10000000
	const view = new DataView(image.buffer, image.byteOffset, image.byteLength)
	if (view.getUint32(0, true) === 0x0a324655) {
		for (let at = 0; at + 512 <= image.length; at += 512) {
			const size = view.getUint32(at + 16, true)
			flash.set(image.subarray(at + 32, at + 32 + size), view.getUint32(at + 12, true) - base)
		}
		return
	}
	if (view.getUint32(0, false) !== 0x7f454c46) throw new Error('neither a UF2 nor an ELF file')
	for (let i = 0; i < view.getUint16(44, true); i++) {
		const head = view.getUint32(28, true) + i * view.getUint16(42, true)
		const [type, from, to, size] = [0, 4, 12, 16].map((field) => view.getUint32(head + field, true))
		if (type === 1 && size > 0 && to >= base && to < base + flash.length) flash.set(image.subarray(from, from + size), to - base)
	}
}

// What the boot ROM computes of the first stage.
function checksum(bytes) {
	let crc = 0xffffffff
	for (const byte of bytes) {
		crc ^= byte << 24
		for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
	}
	return crc >>> 0
}

// Numbers that look random and are the same at each run (mulberry32).
function generator(seed) {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
		return (t ^ (t >>> 14)) >>> 0
	}
}
