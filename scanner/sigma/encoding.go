package sigma

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// encode applies an encoding that takes whole texts, so that a wildcard has
// no place in it.
func encode(f func(string) []string) func(*chain) error {
	return func(c *chain) error {
		if err := c.wantText(); err != nil {
			return err
		}
		if err := c.spellDashes(); err != nil {
			return err
		}
		for i := range c.alts {
			var out []pattern
			for _, p := range c.alts[i] {
				text, ok := p.literal()
				if !ok {
					return fault(c.item.values[i].line, "write contains behind the encoding, or escape the wildcard", "value %s of %s has a wildcard, which cannot be encoded", quote(c.item.values[i].text), quote(c.item.name()))
				}
				for _, s := range f(text) {
					out = append(out, pattern{{litToken, s}})
				}
			}
			c.alts[i] = out
		}
		return nil
	}
}

func base64Whole(s string) []string { return []string{base64.StdEncoding.EncodeToString([]byte(s))} }

// base64Offsets are the three forms s has within the base64 of a longer text,
// by the offset it begins at, without the characters that depend on what
// stands before and behind.
func base64Offsets(s string) []string {
	start, end := [3]int{0, 2, 3}, [3]int{0, 3, 2}
	var out []string
	for i := range 3 {
		padded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", i) + s))
		if last := len(padded) - end[(len(s)+i)%3]; last > start[i] {
			out = append(out, padded[start[i]:last])
		}
	}
	return out
}

// recode changes the encoding of the literal parts and leaves wildcards.
func recode(f func(string) string) func(*chain) error {
	rewrite := each(func(p pattern) []pattern {
		out := slices.Clone(p)
		for i, t := range out {
			if t.kind == litToken {
				out[i].text = f(t.text)
			}
		}
		return []pattern{out}
	})
	return func(c *chain) error {
		if err := c.spellDashes(); err != nil {
			return err
		}
		return rewrite(c)
	}
}

// spellDashes writes out what windash left open, since each dash is encoded
// in its own way.
func (c *chain) spellDashes() error {
	for i, v := range c.item.values {
		total := 0
		for _, p := range c.alts[i] {
			n := 1
			for _, t := range p {
				if t.kind == dashToken && n <= maxSpellings {
					n *= utf8.RuneCountInString(dashes)
				}
			}
			if total += n; total > maxSpellings {
				return fault(v.line, "encode fewer options in one value", "the dashes of value %s stand for more than %d spellings", quote(v.text), maxSpellings)
			}
		}
	}
	c.each(func(p pattern) []pattern { return p.spelled(slices.IndexFunc(p, isDash)) })
	return nil
}

func isDash(t token) bool { return t.kind == dashToken }

// spelled is p with each of dashes for each of its dash tokens, of which the
// first is at i; -1: it has none.
func (p pattern) spelled(i int) []pattern {
	if i < 0 {
		return []pattern{p}
	}
	var out []pattern
	for _, r := range dashes {
		q := slices.Clone(p)
		q[i] = token{litToken, string(r)}
		out = append(out, q.spelled(slices.IndexFunc(q, isDash))...)
	}
	return out
}

func utf16le(s string) string { return utf16With(binary.LittleEndian, s) }
func utf16be(s string) string { return utf16With(binary.BigEndian, s) }

// utf16bom is little-endian behind a byte order mark, as the specification
// says (pySigma writes the mark as UTF-8).
func utf16bom(s string) string { return "\xff\xfe" + utf16le(s) }

func utf16With(order binary.AppendByteOrder, s string) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

// dashes are what Windows programs take for the beginning of an option.
const dashes = "-/\u2013\u2014\u2015"

// windash lets each dash that begins a word be any of dashes. The positions
// vary independently; a token stands for all their combinations.
func windash(p pattern) []pattern {
	var out pattern
	for _, t := range p {
		if t.kind == litToken {
			out = out.dashed(t.text)
		} else {
			out = out.add(t)
		}
	}
	return []pattern{out}
}

// dashed appends a text, of which each dash that begins a word is a token of its own.
func (p pattern) dashed(text string) pattern {
	from, before := 0, ' '
	for i, r := range text {
		behind := i + utf8.RuneLen(r)
		if strings.ContainsRune(dashes, r) && !isWordRune(before) && beginsWord(text[behind:]) {
			if i > from {
				p = append(p, token{litToken, text[from:i]})
			}
			p = append(p, token{kind: dashToken})
			from = behind
		}
		before = r
	}
	if from < len(text) {
		p = append(p, token{litToken, text[from:]})
	}
	return p
}

func beginsWord(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return isWordRune(first)
}

// isWordRune is \w of a regular expression.
func isWordRune(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
