package main

import "path/filepath"

// A piece is a folder of the library and what becomes of it. Files of our own for
// it are in _src, in a folder of the same path, and take the place of those with
// the same name.
type piece struct {
	dir    string            // below src
	empty  bool              // all Go files go
	files  map[string][]edit // those that are changed; nil: that go
	links  string            // a folder of the installed Go,
	linked []string          // from which these files come
}

// goPieces is what the firmware needs otherwise than Go has it.
func goPieces() []piece {
	// A handshake computes for seconds on a chip that does other things, too. Where
	// it takes long, the goroutine lets the others run: the alarm blinks on, the
	// buzzer is switched off in time and the watchdog hears of progress.
	const (
		yield   = "runtime.Gosched()\n"
		product = "func (x *Nat) montgomeryMul(a *Nat, b *Nat, m *Modulus) *Nat {\n"
	)
	return []piece{
		// Multiples of the base point of a curve are made as those of any point are,
		// without the table that holds some of them ready. P-256's table is 88 KB, and
		// TinyGo puts it into RAM; P-384's is built when first used, 207 KB of heap, of
		// which the whole chip has 256. Costs time: a handshake with a P-256 chain takes
		// about 1.4 times as long. Nothing is lost. P-224's and P-521's tables go as
		// well: no root needs them, but a server may send a certificate of its own
		// making that does, and must not bring the chip down with it.
		{
			dir: "crypto/internal/fips140/nistec",
			files: map[string][]edit{
				"p224.go": generic("224", yield),
				"p384.go": generic("384", yield),
				"p521.go": generic("521", yield),
				"p256.go": {
					withRuntime(),
					without("crypto/internal/fips140deps/cpu"),
					without("unsafe"),
					declare("p256GeneratorTables", ""),
					declare("init", ""), // which points the former to the table
					declare("boothW6", ""),
					declare("p256AffineTable", ""),
					declare("p256AffineTable.Select", ""),
					declare("p256AffinePoint.Negate", ""),
					declare("P256Point.ScalarBaseMult", base("256")),
					swap("\t\tindex -= 5\n", "\t\tindex -= 5\n\t\t"+yield),
				},
				"p256_table.go": nil,
			},
		},
		// RSA signatures, and what ECDSA does beside multiplying points, is made of this
		// product of large numbers. Costs nothing that can be measured.
		{
			dir: "crypto/internal/fips140/bigmod",
			files: map[string][]edit{"nat.go": {
				withRuntime(),
				swap(product, product+"\t"+yield),
			}},
		},
		// The key exchange. Costs nothing.
		{
			dir: "crypto/ecdh",
			files: map[string][]edit{"x25519.go": {
				withRuntime(),
				swap("\tfor pos := 254; pos >= 0; pos-- {\n", "\tfor pos := 254; pos >= 0; pos-- {\n\t\t"+yield),
			}},
		},
		// The post-quantum key exchange ML-KEM is not there. It would cost 723 KB of
		// the 2 MB of flash. Lost: a recording of the traffic that somebody decrypts
		// with a quantum computer one day.
		{dir: "crypto/mlkem", empty: true},
		// Ed25519 is not there. It would cost 39 KB of RAM. Lost: certificates with
		// such keys, which no public authority issues.
		{dir: "crypto/internal/fips140/ed25519", empty: true},
		// Random bytes come from the program. Go's would open a device.
		{dir: "crypto/internal/sysrand", empty: true},
		// A cache of private keys, which would need weak pointers. The board has none.
		{dir: "crypto/internal/fips140cache", empty: true},
		// A table of 8 KB for checksums gives way to the one of 1 KB that is there anyway.
		// Costs time where much is summed up; the firmware sums up 1 KB now and then.
		{dir: "hash/crc32", files: map[string][]edit{"crc32.go": {
			swap("\t\tieeeTable8 = slicingMakeTable(IEEE)\n", ""),
			swap("slicingUpdate(crc, ieeeTable8, p)", "simpleUpdate(crc, IEEETable, p)"),
		}}},
		// Tables of letters, digits and signs, which TinyGo puts into RAM, 20 KB of it.
		// Lost: beyond Latin-1 nothing is a letter, and beyond ASCII none has an upper
		// case. Who asks is what writes logs here; certificates are compared as ASCII.
		{dir: "unicode", files: map[string][]edit{"tables.go": {
			declare("_L", "var _L = &RangeTable{}"),
			declare("_M", "var _M = &RangeTable{}"),
			declare("_N", "var _N = &RangeTable{}"),
			declare("_Nd", "var _Nd = &RangeTable{}"),
			declare("_P", "var _P = &RangeTable{}"),
			declare("_S", "var _S = &RangeTable{}"),
			declare("_CaseRanges", "var _CaseRanges []CaseRange"),
			declare("caseOrbit", "var caseOrbit []foldPair"),
		}}},
	}
}

// generic is what becomes of the three curves that are written alike.
func generic(n, yield string) []edit {
	return []edit{
		withRuntime(),
		declare(curve(n, "pNNNGeneratorTable"), ""),
		declare(curve(n, "pNNNGeneratorTableOnce"), ""),
		declare(curve(n, "PNNNPoint.generatorTable"), ""),
		declare(curve(n, "PNNNPoint.ScalarBaseMult"), base(n)),
		swap("\tfor i, byte := range scalar {\n", "\tfor i, byte := range scalar {\n\t\t"+yield),
		swap("\t\twindowValue = byte & 0b1111\n", "\t\t"+yield+"\t\twindowValue = byte & 0b1111\n"),
	}
}

// base multiplies the base point as any other. All callers give a scalar of full
// length; Go's own refuses another, and so does this.
func base(n string) string {
	return curve(n, `func (p *PNNNPoint) ScalarBaseMult(scalar []byte) (*PNNNPoint, error) {
	if len(scalar) != pNNNElementLength {
		return nil, errors.New("invalid scalar length")
	}
	return p.ScalarMult(NewPNNNPoint().SetGenerator(), scalar)
}`)
}

// tinygoPieces is what TinyGo has in the place of parts of Go's library and the
// firmware needs otherwise.
func tinygoPieces(goroot string) []piece {
	src := filepath.Join(goroot, "src")
	return []piece{
		// TinyGo's crypto/tls leaves TLS to the network chip. With a chip that knows
		// none, it sends plain text and says nothing. Go's comes back, but for its
		// cache of certificates. Costs 0.5 MB of flash.
		//
		// And a connection gets room for the largest record when it begins, 19 KB, and
		// 12 KB for the messages of its handshake, and leaves both to the next one. Go's
		// grows buffers as records come, to twice the size and by way of a copy: up to
		// 100 KB in one piece, which a heap of 230 KB that is in use does not have. Costs
		// those 31 KB also where a server sends little.
		{
			dir: "crypto/tls", empty: true, links: filepath.Join(src, "crypto/tls"), linked: tlsFiles,
			files: map[string][]edit{"conn.go": {
				swap("\trawInput  bytes.Buffer ", "\troom      []byte // what rawInput is in\n\trawInput  bytes.Buffer "),
				swap("\tc.rawInput.Grow(needs + bytes.MinRead)\n", "\tc.makeRoom()\n\tc.rawInput.Grow(needs + bytes.MinRead)\n"),
				swap("\t\tc.handshakes++\n\t} else {\n", "\t\tc.handshakes++\n\t\tc.leaveHandshake()\n\t} else {\n"),
				swap("\tdata = append([]byte(nil), data...)\n", "\tdata = exactly(data)\n"),
				swap("func (c *Conn) Close() error {\n", "func (c *Conn) Close() error {\n\tdefer c.leaveRoom()\n"),
			}},
		},
		{dir: "crypto/tls/internal/fips140tls", links: filepath.Join(src, "crypto/tls/internal/fips140tls"), linked: []string{"fipstls.go"}},
		// TinyGo's crypto/rand has no source of random bytes for the RP2040. Go's asks
		// the sysrand of above, as the rest of crypto does: one door for all of it.
		{dir: "crypto/rand", empty: true, links: filepath.Join(src, "crypto/rand"), linked: []string{"rand.go", "text.go", "util.go"}},
		// A goroutine has a stack of one size for all. TLS wants 16 KB of it; the others
		// do not, and get less.
		{dir: "internal/task", files: map[string][]edit{"task_stack.go": {
			swap("\tt.state.initialize(fn, args, stackSize)\n", "\tt.state.initialize(fn, args, stackFor(stackSize))\n"),
		}}},
		// Garbage is collected each time that so much was allocated, and not only when
		// nothing is left. By then what is alive would lie scattered all over the heap,
		// with no room for a certificate between. Costs time: a handshake takes a tenth
		// longer with RSA, a quarter with P-256.
		{dir: "runtime", files: map[string][]edit{"gc_blocks.go": {
			swap("\t// Acquire a range of free blocks.\n", "\tcollectEarly()\n\n\t// Acquire a range of free blocks.\n"),
		}}},
		// TinyGo's net is not part of its module, and wants a driver. Ours has types.
		{dir: "net", empty: true, links: filepath.Join(src, "net"), linked: []string{"ip.go", "mac.go"}},
	}
}

// tlsFiles is crypto/tls without tests, and without cache.go, which _src has.
var tlsFiles = []string{
	"alert.go", "auth.go", "cipher_suites.go", "common.go", "common_string.go", "conn.go",
	"defaults.go", "defaults_boring.go", "defaults_fips140.go", "ech.go", "handshake_client.go",
	"handshake_client_tls13.go", "handshake_messages.go", "handshake_server.go",
	"handshake_server_tls13.go", "key_agreement.go", "key_schedule.go", "prf.go", "quic.go",
	"ticket.go", "tls.go",
}
