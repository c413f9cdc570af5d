package scan

// numberState is where in a number the scanner stands, see RFC 8259 section 6.
type numberState uint8

const (
	numStart   numberState = iota // a sign or a digit comes
	numMinus                      // a digit comes
	numZero                       // after a leading 0, no digit may follow
	numInt                        // in the digits before the point
	numPoint                      // a digit comes
	numFrac                       // in the digits after the point
	numE                          // a sign or a digit comes
	numExpSign                    // a digit comes
	numExp                        // in the digits of the exponent
	numNone                       // the byte is not part of the number
)

// complete says whether a number may end here.
func (n numberState) complete() bool {
	return n == numZero || n == numInt || n == numFrac || n == numExp
}

// next is where c leads.
func (n numberState) next(c byte) numberState {
	switch {
	case isDigit(c):
		switch n {
		case numStart, numMinus:
			if c == '0' {
				return numZero
			}
			return numInt
		case numInt, numFrac, numExp:
			return n
		case numPoint:
			return numFrac
		case numE, numExpSign:
			return numExp
		case numZero, numNone:
		}
	case c == '.':
		if n == numZero || n == numInt {
			return numPoint
		}
	case c|0x20 == 'e':
		if n == numZero || n == numInt || n == numFrac {
			return numE
		}
	case c == '-':
		if n == numStart {
			return numMinus
		}
		if n == numE {
			return numExpSign
		}
	case c == '+' && n == numE:
		return numExpSign
	}
	return numNone
}

// number goes on with a number and returns where in p it ends.
func (s *Scanner) number(p []byte, i int) int {
	for i < len(p) {
		next := s.num.next(p[i])
		if next == numNone {
			break
		}
		s.num = next
		i++
		if next == numInt || next == numFrac || next == numExp {
			i = digits(p, i)
		}
	}
	return i
}

// digits is where the digits at i end.
func digits(p []byte, i int) int {
	for i < len(p) && isDigit(p[i]) {
		i++
	}
	return i
}

// maxFloat is the bound for whole numbers in a form with a point or an
// exponent: beyond it others read such a form as a float64, which no longer
// says which number is meant.
const maxFloat = 1 << 53

// whole reads a whole number out of a text: 42, " 42 ", 12.0, 1e6.
func whole(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 18 {
		return unusual(b)
	}
	for _, c := range b {
		if !isDigit(c) {
			return unusual(b)
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// unusual is whole for anything but up to 18 digits.
func unusual(b []byte) (n int64, ok bool) {
	if len(b) > maxKept {
		return 0, false
	}
	b = trim(b)
	negative := len(b) > 0 && b[0] == '-'
	if negative || len(b) > 0 && b[0] == '+' {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0, false
	}
	limit := uint64(1<<63 - 1)
	if negative {
		limit++
	}
	m := uint64(0)
	for i, c := range b {
		d := uint64(c - '0')
		if d > 9 {
			if m, ok = decimal(b); !ok {
				return 0, false
			}
			break
		}
		// The first 18 digits always fit.
		if i >= 18 && m > (limit-d)/10 {
			return 0, false
		}
		m = m*10 + d
	}
	if negative {
		return -int64(m), true
	}
	return int64(m), true
}

// decimal reads a number with a point or an exponent, without its sign, where
// it is whole and at most maxFloat.
func decimal(b []byte) (m uint64, ok bool) {
	// m has the digits up to the last that is not 0, zeros counts those after
	// it, and exp says where the point stands.
	zeros, exp := 0, 0
	var digit, point bool
	i := 0
	for ; i < len(b); i++ {
		c := b[i]
		if c == '.' && !point {
			point = true
			continue
		}
		if !isDigit(c) {
			break
		}
		digit = true
		if point {
			exp--
		}
		if zeros++; c == '0' {
			continue
		}
		if m, ok = shift(m, zeros); !ok {
			return 0, false
		}
		m, zeros = m+uint64(c-'0'), 0
	}
	if !digit {
		return 0, false
	}
	if i < len(b) {
		e, ok := exponent(b[i:])
		if !ok {
			return 0, false
		}
		exp += e
	}
	if exp += zeros; exp < 0 {
		return 0, m == 0
	}
	m, ok = shift(m, exp)
	return m, ok && m <= maxFloat
}

// shift is m with zeros appended, where it is not far too large.
func shift(m uint64, zeros int) (uint64, bool) {
	for ; m != 0 && zeros > 0; zeros-- {
		if m *= 10; m > maxFloat {
			return 0, false
		}
	}
	return m, true
}

// exponent reads e6, E+6 or e-6. What is far too large is cut short.
func exponent(b []byte) (e int, ok bool) {
	if b[0]|0x20 != 'e' {
		return 0, false
	}
	b = b[1:]
	negative := len(b) > 0 && b[0] == '-'
	if negative || len(b) > 0 && b[0] == '+' {
		b = b[1:]
	}
	for _, c := range b {
		if !isDigit(c) {
			return 0, false
		}
		if e < 1000 {
			e = e*10 + int(c-'0')
		}
	}
	if negative {
		e = -e
	}
	return e, len(b) > 0
}
