package jsonfields

import (
	"bytes"
	"fmt"
)

// A scan is the pass over a record before fastjson: it checks the grammar of
// RFC 8259 with a stack of its own, and mends or cuts away what fastjson could
// not be given. As long as there is nothing to mend it copies nothing.
type scan struct {
	in    []byte
	start int // behind a byte order mark
	pos   int

	stack []byte // open containers, '{' or '['
	flat  int    // length of stack where a flattened container opened; 0: none

	out    []byte // the mended text, once edited
	edited bool
	kept   int // in[:kept] is in out, or was left out
	good   int // in[:good], or out[:good] once edited, can be closed and parsed
	items  int // scalars in the flattened container

	values  int
	limit   int // values that inner containers may have reached
	extra   int // members of the outermost container that may still raise limit
	lenient string
	deep    bool
	dropped bool
}

// run checks data and returns the text to parse: data itself, or scan's own
// bytes. After damage it is what can be kept, possibly nothing.
func (s *scan) run(data []byte) ([]byte, *SyntaxError) {
	*s = scan{in: data, stack: s.stack[:0], out: s.out[:0], limit: MaxValues, extra: 64}
	s.start = len(data) - len(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	s.pos, s.kept = s.start, s.start
	if err := s.value(); err != nil {
		return s.close(), err
	}
	s.space()
	if !s.edited {
		return data[s.start:s.good], nil
	}
	return s.out[:s.good], nil
}

// value reads one whole value, however deep, without recursion.
func (s *scan) value() *SyntaxError {
	opened := false // a container was opened and has no member yet
	for {
		s.space()
		if opened && s.pos < len(s.in) && s.in[s.pos] == closer(s.top()) {
			opened = false
			s.shut()
		} else if err := s.begin(&opened); err != nil {
			return err
		}
		if opened {
			continue
		}
		more, err := s.after()
		if err != nil || !more {
			return err
		}
	}
}

// begin reads a key if one is due, and a scalar or the opening of a container.
func (s *scan) begin(opened *bool) *SyntaxError {
	if len(s.stack) > 0 && s.top() == '{' {
		if err := s.key(); err != nil {
			return err
		}
	}
	*opened = false
	if s.pos >= len(s.in) {
		return s.fail("the record ends where a value should be")
	}
	switch c := s.in[s.pos]; c {
	case '{', '[':
		*opened = s.open(c)
		return nil
	case '"':
		at := s.pos
		if err := s.text(); err != nil {
			return err
		}
		s.scalar(at, false)
	default:
		return s.word()
	}
	return nil
}

// after reads what follows a value: commas, and the ends of containers. more
// reports whether another value is due.
func (s *scan) after() (more bool, err *SyntaxError) {
	for len(s.stack) > 0 {
		s.space()
		if s.pos >= len(s.in) {
			return false, s.fail("the record ends inside an object or array")
		}
		switch c := s.in[s.pos]; {
		case c == ',':
			if more, err := s.comma(); more || err != nil {
				return more, err
			}
		case c == closer(s.top()):
			s.shut()
		default:
			return false, s.fail(fmt.Sprintf("%q instead of a comma or the end of %s", c, containerName(s.top())))
		}
	}
	return false, nil
}

// comma reads a comma; more is false if no value follows, because the comma
// was one too many or the rest is left out.
func (s *scan) comma() (more bool, err *SyntaxError) {
	if len(s.stack) == 1 && s.extra > 0 {
		s.extra--
		s.limit = max(s.limit, s.values+1024)
	}
	limit := s.limit
	if len(s.stack) == 1 {
		limit = 2 * MaxValues
	}
	if s.values >= limit {
		s.dropped = true
		return false, s.leave()
	}
	at := s.pos
	s.pos++
	s.space()
	if s.pos < len(s.in) && s.in[s.pos] == closer(s.top()) {
		s.odd("a comma before the end of " + containerName(s.top()))
		s.cut(at, s.pos)
		return false, nil
	}
	return true, nil
}

// key reads a key and its colon.
func (s *scan) key() *SyntaxError {
	s.space()
	if s.pos >= len(s.in) || s.in[s.pos] != '"' {
		return s.fail("no key in quotes where one should be")
	}
	if err := s.text(); err != nil {
		return err
	}
	s.space()
	if s.pos >= len(s.in) || s.in[s.pos] != ':' {
		return s.fail("no colon after a key")
	}
	s.pos++
	s.space()
	return nil
}

func (s *scan) space() {
	for s.pos < len(s.in) {
		switch s.in[s.pos] {
		case ' ', '\n', '\r', '\t':
			s.pos++
		default:
			return
		}
	}
}

func (s *scan) top() byte { return s.stack[len(s.stack)-1] }

func closer(open byte) byte { return open + 2 } // '{' to '}', '[' to ']' in ASCII

func containerName(open byte) string {
	if open == '{' {
		return "an object"
	}
	return "an array"
}

// odd notes the first departure from the grammar that was forgiven.
func (s *scan) odd(what string) {
	if s.lenient == "" {
		s.lenient = what
	}
}

func (s *scan) fail(reason string) *SyntaxError {
	return &SyntaxError{Offset: s.pos, Reason: reason}
}
