package scan

// The keys whose values are taken, and the commonest of the others, with the
// quotes that end them: as words of eight bytes, the first one lowest. Those
// that are longer have the rest apart.
//
// Comparing words is more than a shortcut: a processor foresees where a known
// key ends, and need not wait for the search for its quote.
const (
	keyID       = 'i' | 'd'<<8 | '"'<<16
	keyUser     = 'u' | 's'<<8 | 'e'<<16 | 'r'<<24 | '"'<<32
	keyType     = 't' | 'y'<<8 | 'p'<<16 | 'e'<<24 | '"'<<32
	keyData     = 'd' | 'a'<<8 | 't'<<16 | 'a'<<24 | '"'<<32
	keyTotal    = 't' | 'o'<<8 | 't'<<16 | 'a'<<24 | 'l'<<32 | '"'<<40
	keySuccess  = 's' | 'u'<<8 | 'c'<<16 | 'c'<<24 | 'e'<<32 | 's'<<40 | 's'<<48 | '"'<<56
	keySuccess2 = keySuccess - 's' + 'S' // the platform writes both

	keyName    = 'n' | 'a'<<8 | 'm'<<16 | 'e'<<24 | '"'<<32
	keyEmail   = 'e' | 'm'<<8 | 'a'<<16 | 'i'<<24 | 'l'<<32 | '"'<<40
	keyDetails = 'd' | 'e'<<8 | 't'<<16 | 'a'<<24 | 'i'<<32 | 'l'<<40 | 's'<<48 | '"'<<56

	keyTimestam = 't' | 'i'<<8 | 'm'<<16 | 'e'<<24 | 's'<<32 | 't'<<40 | 'a'<<48 | 'm'<<56
	keyEventTy  = 'e' | 'v'<<8 | 'e'<<16 | 'n'<<24 | 't'<<32 | '_'<<40 | 't'<<48 | 'y'<<56
	keyWorkspac = 'w' | 'o'<<8 | 'r'<<16 | 'k'<<24 | 's'<<32 | 'p'<<40 | 'a'<<48 | 'c'<<56
	keyResource = 'r' | 'e'<<8 | 's'<<16 | 'o'<<24 | 'u'<<32 | 'r'<<40 | 'c'<<48 | 'e'<<56
	keyEnvironm = 'e' | 'n'<<8 | 'v'<<16 | 'i'<<24 | 'r'<<32 | 'o'<<40 | 'n'<<48 | 'm'<<56

	restP   = 'p' | '"'<<8
	restPe  = 'p' | 'e'<<8 | '"'<<16
	restE   = 'e' | '"'<<8
	restEnt = 'e' | 'n'<<8 | 't'<<16 | '"'<<24

	// The first bytes of a word.
	bytes1 = 1<<8 - 1
	bytes2 = 1<<16 - 1
	bytes3 = 1<<24 - 1
	bytes4 = 1<<32 - 1
	bytes5 = 1<<40 - 1
	bytes6 = 1<<48 - 1

	longestKey = len("environment")
	window     = 16 // bytes that tell a key
)

// keptKey takes a key that is kept: skim finds it as a whole and with white space
// behind, which says the same.
func (s *Scanner) keptKey() {
	s.leaf = leafNone
	n := s.kept.n
	if n > longestKey || plain(s.kept.bytes(), 0) < n {
		return
	}
	b := s.kept.b[:1+longestKey+1+window]
	copy(b[1:], b[:n])
	for i := range b[n+1:] {
		b[n+1+i] = ' '
	}
	b[0], b[n+1] = '"', '"'
	s.at = atKey
	if _, _, _, why := s.skim(b, 0); why == stopAgain {
		s.err = ErrRepeated
	}
}
