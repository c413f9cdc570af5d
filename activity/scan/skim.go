package scan

import "math/bits"

// stop is why skim comes back.
type stop uint8

const (
	stopEnd   stop = iota // p is used up
	stopToken             // the token at next is not whole, or has escapes: token takes it
	stopText              // p[start:end] is a string or a number that is taken
	stopRow               // a row is complete
	stopOther             // an object or a list begins in the place of something else
	stopDepth             // it is nested too deep
	stopAgain             // there is a field "data" after the rows
	stopBad               // the byte at next cannot stand there
)

// skim goes from token to token. Its places are labels, which cost nothing to
// go to, and it calls nothing, so that all it works with stays in registers:
// whatever is rare, or has to be done with a value, makes it come back. The
// conditions i >= 0 are for the compiler, which then trusts the index.
func (s *Scanner) skim(p []byte, i int) (next, start, end int, why stop) {
	var lo, hi, marks uint64
	var inner context
	at := s.at

resume:
	switch at {
	case atNext:
		goto next
	case atValue:
		goto value
	case atFirstValue:
		goto firstValue
	case atKey:
		goto key
	case atFirstKey:
		goto firstKey
	default:
		goto colon
	}

firstKey:
	at = atFirstKey
	if uint(i) >= uint(len(p)) {
		goto exhausted
	}
	if p[i] == '}' {
		goto next
	}
	if p[i] != '"' {
		goto blank
	}

key:
	at = atKey
	if uint(i) >= uint(len(p)) {
		goto exhausted
	}
	if p[i] != '"' {
		goto blank
	}
	i++
	start = i
	if i >= 0 && i <= len(p)-window {
		lo = load(p, i)
		if s.context != skipped {
			hi = load(p, i+8)
			s.leaf = leafNone
			switch s.context { //nolint:exhaustive // the others have no keys
			case inRow:
				switch {
				case lo&bytes3 == keyID:
					s.leaf = leafID
					i += 3
					goto colon
				case lo == keyTimestam && hi&bytes2 == restP:
					s.leaf = leafTime
					i += 10
					goto colon
				case lo == keyEventTy && hi&bytes3 == restPe:
					s.leaf = leafType
					i += 11
					goto colon
				case lo == keyWorkspac && hi&bytes2 == restE:
					s.leaf = leafWorkspace
					i += 10
					goto colon
				case lo&bytes5 == keyUser:
					s.leaf = leafUser
					i += 5
					goto colon
				case lo == keyDetails:
					i += 8
					goto colon
				case lo == keyResource && hi&bytes1 == '"':
					s.leaf = leafResource
					i += 9
					goto colon
				}
			case inWorkspace:
				switch {
				case lo&bytes3 == keyID:
					s.leaf = leafWorkspaceID
					i += 3
					goto colon
				case lo&bytes5 == keyName:
					i += 5
					goto colon
				case lo&bytes6 == keyEmail:
					i += 6
					goto colon
				case lo == keyEnvironm && hi&bytes4 == restEnt:
					s.leaf = leafEnvironment
					i += 12
					goto colon
				}
			case inUser:
				switch {
				case lo&bytes3 == keyID:
					s.leaf = leafUserID
					i += 3
					goto colon
				case lo&bytes5 == keyName:
					i += 5
					goto colon
				case lo&bytes6 == keyEmail:
					i += 6
					goto colon
				}
			case inResource:
				switch {
				case lo&bytes5 == keyType:
					s.leaf = leafResourceType
					i += 5
					goto colon
				case lo&bytes3 == keyID:
					i += 3
					goto colon
				case lo&bytes5 == keyName:
					i += 5
					goto colon
				case lo&bytes6 == keyEmail:
					i += 6
					goto colon
				}
			case inAnswer:
				switch {
				case lo&bytes5 == keyData:
					if s.data == dataList {
						return i, 0, 0, stopAgain
					}
					s.leaf = leafData
					i += 5
					goto colon
				case lo&bytes6 == keyTotal:
					s.leaf = leafTotal
					i += 6
					goto colon
				case lo == keySuccess || lo == keySuccess2:
					s.leaf = leafSuccess
					i += 8
					goto colon
				}
			}
		}
		for {
			if marks = special(lo); marks != 0 {
				i += bits.TrailingZeros64(marks) >> 3
				break
			}
			i += 8
			if i < 0 || i > len(p)-8 {
				break
			}
			lo = load(p, i)
		}
		if uint(i) < uint(len(p)) && p[i] == '"' {
			i++
			goto colon
		}
	}
	s.at, s.inKey = inString, true
	return start, 0, 0, stopToken

colon:
	at = atColon
	if uint(i) >= uint(len(p)) {
		goto exhausted
	}
	if p[i] != ':' {
		goto blank
	}
	i++

value:
	at = atValue
	if uint(i) >= uint(len(p)) {
		goto exhausted
	}
	switch p[i] {
	case '"':
		i++
		start = i
		for i >= 0 && i <= len(p)-16 {
			if marks = special(load(p, i)); marks != 0 {
				i += bits.TrailingZeros64(marks) >> 3
				break
			}
			i += 8
			if marks = special(load(p, i)); marks != 0 {
				i += bits.TrailingZeros64(marks) >> 3
				break
			}
			i += 8
		}
		if uint(i) >= uint(len(p)) || p[i] != '"' {
			s.at, s.inKey = inString, false
			return start, 0, 0, stopToken
		}
		if s.leaf != leafNone {
			s.at = atNext
			return i + 1, start, i, stopText
		}
		i++
		goto next
	case '{':
		inner = inside[s.leaf]
		if inner == skipped && s.leaf != leafNone {
			s.at = at
			return i, 0, 0, stopOther
		}
		if s.context == inRow && s.had>>partOf[s.leaf]&1 == 0 {
			part := partOf[s.leaf]
			s.had |= 1 << part &^ (1 << partOther)
			start, end = s.parts[part].start, s.parts[part].end
			if n := end - start; n >= 8 && n <= len(p)-i {
				// By words, and the last of them from the end.
				was, is, at := p[start:end], p[i:i+n], 0
				for at >= 0 && at <= len(was)-16 && at <= len(is)-16 && (load(was, at)^load(is, at))|(load(was, at+8)^load(is, at+8)) == 0 {
					at += 16
				}
				for at >= 0 && at <= len(was)-8 && at <= len(is)-8 && load(was, at) == load(is, at) {
					at += 8
				}
				if at > n-8 && load(was, n-8) == load(is, n-8) {
					i += n
					s.again(part)
					goto next
				}
			}
			s.open, s.opened = part+1, i
		}
		if s.depth == MaxDepth {
			return i, 0, 0, stopDepth
		}
		s.depth++
		s.kinds[s.depth/32] |= 1 << (s.depth % 32)
		s.object, s.context = true, inner
		if s.depth <= contextDepth {
			s.outer[s.depth] = inner
		}
		i++
		goto firstKey
	case '[':
		if s.leaf != leafNone && s.leaf != leafData {
			s.at = at
			return i, 0, 0, stopOther
		}
		if s.depth == MaxDepth {
			return i, 0, 0, stopDepth
		}
		inner = skipped
		if s.leaf == leafData {
			inner = inData
			s.leaf = leafRow
			s.data = dataList
		}
		s.depth++
		s.kinds[s.depth/32] &^= 1 << (s.depth % 32)
		s.object, s.context = false, inner
		if s.depth <= contextDepth {
			s.outer[s.depth] = inner
		}
		i++
		goto firstValue
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		start = i
		hi = 0
		for uint(i) < uint(len(p)) && isDigit(p[i]) {
			hi = hi*10 + uint64(p[i]-'0')
			i++
		}
		if uint(i) >= uint(len(p)) || p[i] == '.' || p[i]|0x20 == 'e' {
			s.at, s.num = inNumber, numStart
			return start, 0, 0, stopToken
		}
		if s.leaf == leafNone {
			goto next
		}
		if i-start <= 18 {
			switch s.leaf { //nolint:exhaustive // the others are for text
			case leafID:
				s.row.ID = int64(hi)
				goto next
			case leafUserID:
				s.row.UserID = int64(hi)
				goto next
			case leafWorkspaceID:
				s.row.WorkspaceID = int64(hi)
				goto next
			}
		}
		s.at = atNext
		return i, start, i, stopText
	case '-', '0':
		s.at, s.num = inNumber, numStart
		return i, 0, 0, stopToken
	case 't':
		s.at, s.literal, s.matched = inLiteral, "true", 0
		return i, 0, 0, stopToken
	case 'f':
		s.at, s.literal, s.matched = inLiteral, "false", 0
		return i, 0, 0, stopToken
	case 'n':
		s.at, s.literal, s.matched = inLiteral, "null", 0
		return i, 0, 0, stopToken
	default:
		goto blank
	}

firstValue:
	at = atFirstValue
	if uint(i) >= uint(len(p)) {
		goto exhausted
	}
	if isBlank(p[i]) {
		goto blank
	}
	if p[i] != ']' {
		goto value
	}

next:
	at = atNext
	if uint(i) >= uint(len(p)) {
		goto exhausted
	}
	switch p[i] {
	case ',':
		if s.object {
			i++
			goto key
		}
		if s.depth > 0 {
			i++
			goto value
		}
		goto blank
	case '}', ']':
		if s.depth == 0 || s.object != (p[i] == '}') {
			goto blank
		}
		i++
		s.depth--
		s.object = s.kinds[s.depth/32]>>(s.depth%32)&1 != 0
		if s.depth <= contextDepth {
			s.context = s.outer[s.depth]
			if s.context == inData {
				s.leaf, s.at = leafRow, atNext
				return i, 0, 0, stopRow
			}
			if s.open > 0 && s.context == inRow {
				s.closed(i)
			}
		}
		goto next
	}

blank:
	// White space is all that may stand everywhere.
	if uint(i) < uint(len(p)) && isBlank(p[i]) {
		i++
		for i >= 0 && i <= len(p)-8 && load(p, i) == ones*' ' { // indentation
			i += 8
		}
		for uint(i) < uint(len(p)) && p[i] == ' ' {
			i++
		}
		goto resume
	}
	s.at = at
	return i, 0, 0, stopBad

exhausted:
	s.at = at
	return i, 0, 0, stopEnd
}
