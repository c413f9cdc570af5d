package scan

// run reads p and returns how much of it: less than all only where it sets err.
//
// It is one machine for all slicings: skim goes from token to token, token
// takes those byte by byte that are not in p as a whole, and what there is to
// do with a value is done by text and word.
func (s *Scanner) run(p []byte) int {
	i := 0
	s.parts, s.open = [parts]span{}, 0 // those of another p
	for {
		if s.at >= inString {
			if i = s.token(p, i); s.err != nil || s.at >= inString {
				return i
			}
		}
		next, start, end, why := s.skim(p, i)
		i = next
		switch why {
		case stopEnd:
			return i
		case stopToken:
			wanted := s.leaf != leafNone
			if s.at == inString && s.inKey {
				wanted = s.context != skipped
			}
			s.kept.reset(wanted)
		case stopText:
			s.text(p[start:end])
		case stopRow:
			s.tell()
		case stopOther:
			s.clear()
			s.leaf = leafNone
		case stopDepth:
			s.err = ErrDepth
		case stopAgain:
			s.err = ErrRepeated
		case stopBad:
			return s.unexpected(i)
		}
		if s.err != nil {
			return i
		}
	}
}

// unexpected says what is expected at p[i].
func (s *Scanner) unexpected(i int) int {
	reason := "expected a comma or a bracket"
	switch {
	case s.at == atKey || s.at == atFirstKey:
		reason = "expected a key"
	case s.at == atColon:
		reason = "expected a colon"
	case s.at == atValue:
		reason = "expected a value"
	case s.depth == 0:
		reason = "expected the end"
	case s.object:
		reason = "expected a comma or a brace"
	}
	return s.syntax(i, reason)
}

// token goes on with a token to its end or to that of p.
func (s *Scanner) token(p []byte, i int) int {
	at := s.at
	for i < len(p) {
		switch at {
		case inString:
			end := plain(p, i)
			s.kept.add(p[i:end])
			if i = end; i == len(p) {
				break
			}
			i++
			switch p[end] {
			case '"':
				s.stringEnd()
				return i
			case '\\':
				at = inEscape
			default:
				return s.syntax(end, "control character in a string")
			}

		case inEscape:
			if p[i] == 'u' {
				s.kept.unit, s.kept.hex = 0, 0
				at = inUnit
			} else {
				c := unescape(p[i])
				if c == 0 {
					return s.syntax(i, "no such escape")
				}
				s.kept.addByte(c)
				at = inString
			}
			i++

		case inUnit:
			d := hexDigit(p[i])
			if d > 15 {
				return s.syntax(i, "expected a hexadecimal digit")
			}
			i++
			s.kept.unit = s.kept.unit<<4 | uint16(d)
			if s.kept.hex++; s.kept.hex == 4 {
				s.kept.addUnit(s.kept.unit)
				at = inString
			}

		case inNumber:
			end := s.number(p, i)
			s.kept.add(p[i:end])
			if i = end; i == len(p) {
				break
			}
			if !s.num.complete() {
				return s.syntax(i, "expected a digit")
			}
			s.at = atNext
			if s.leaf != leafNone {
				s.text(s.kept.bytes())
			}
			return i

		default:
			if p[i] != s.literal[s.matched] {
				return s.syntax(i, "no such word")
			}
			i++
			if s.matched++; int(s.matched) == len(s.literal) {
				s.at = atNext
				if s.leaf != leafNone {
					s.word()
				}
				return i
			}
		}
	}
	s.at = at
	return i
}

// stringEnd takes a string that is kept.
func (s *Scanner) stringEnd() {
	if !s.inKey {
		s.at = atNext
		if s.leaf != leafNone {
			s.text(s.kept.bytes())
		}
		return
	}
	s.at = atColon
	if s.context != skipped {
		s.keptKey()
	}
}

// syntax ends the scan at p[i].
func (s *Scanner) syntax(i int, reason string) int {
	s.err = &SyntaxError{Offset: s.off + int64(i), Reason: reason}
	return i
}
