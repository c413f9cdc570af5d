// Package sysrand is where all of Go's crypto takes random bytes from. A chip
// without an operating system has nobody to ask, so the program must give them:
// without a function that is linked under this name, a program that needs random
// bytes does not link.
package sysrand

import _ "unsafe" // for go:linkname

//go:linkname programRandom program.random
func programRandom(b []byte)

// Read fills b.
func Read(b []byte) { programRandom(b) }
