// Package https is an HTTP/1.1 client for a board with little memory: GET on one
// kept connection, and the body in pieces of at most 512 bytes as it comes in. A
// [Client] takes about 1 KB and allocates next to nothing for a request.
//
// It knows no network and no TLS. A [Dialer] gives it a connection whose server
// is already checked, and there is no other way to get one: this package cannot
// be talked into sending a token in clear text.
//
// # What is accepted
//
// An answer is read as net/http reads it, and a test holds the two equal. Where
// they differ, this package refuses: an answer that leaves doubt where its body
// ends (both Content-Length and Transfer-Encoding, two lengths, a transfer coding
// in HTTP/1.0, a field name with a space), a Content-Encoding, more than [MaxHeader]
// bytes of header, a folded field that matters, control characters.
//
// A body that ends before its end is [ErrCut], never a success. There are no
// redirects and no cookies.
//
// # Time
//
// A request ends at its deadline, and before that when the server is silent for
// [Patience]. A kept connection that the server has closed in the meantime is
// dialed anew once, without a word.
package https
