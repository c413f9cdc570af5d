//go:build tinygo

package ontarget_test

import _ "unsafe" // for go:linkname

// Nothing here is secret, but something must be there for the chip's library.
//
//go:linkname programRandom program.random
func programRandom(p []byte) {
	for i := range p {
		p[i] = byte(i)
	}
}
