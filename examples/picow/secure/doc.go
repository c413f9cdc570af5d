// Package secure makes a connection secure: TLS 1.2 or 1.3, with the server's
// certificate checked as a browser does, on a chip with 256 KB of RAM.
//
// It rests on Go's crypto/tls, on a computer as well as on the board: TinyGo's own
// crypto/tls knows no TLS, and this package does not compile with it. The command
// toolchain in this module makes the library that it compiles with.
//
// The key exchange is X25519 wherever the server has it, the cheapest one for a
// small chip. Signatures may be RSA, ECDSA with P-256, and ECDSA with P-384, which
// takes a while: nine seconds.
//
// Whom to trust is in roots.pem. Put your own there if the server is your own.
package secure

//go:generate go run ./internal/roots
