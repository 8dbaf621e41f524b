package parsertest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing/iotest"

	"tideline/parsers"
)

// A check is one rule that all formats keep. run returns nil, or where it was
// broken.
type check struct {
	name string
	why  string // printed when it fails: the rule, for people
	run  func(f *parsers.Format, c Case) error
}

// checks are run in this order; the later ones presume the earlier.
var checks = []check{
	{"events", "a sound input yields well-formed events that lie where Pos says, and those that the case wants", checkEvents},
	{"sniff", "Sniff knows its own input, refuses an empty one and says why", checkSniff},
	{"foreign", "a record of another format is refused with ErrForeign, whole, so that others can be asked", checkForeign},
	{"repeat", "two runs over the same bytes give the same events", checkRepeat},
	{"aliasing", "nothing of a record may be kept after Decode returned: its bytes are overwritten then", checkAliasing},
	{"reads", "how the bytes arrive does not matter", checkReads},
	{"endings", "line endings, a byte order mark and a missing last newline change no event", checkEndings},
	{"cut", "a stream cut anywhere gives no panic and no event that the whole one lacks", checkCut},
	{"dirt", "NUL, invalid UTF-8 and broken quotes anywhere give no panic and no torn event", checkDirt},
	{"overlong", "a record of a mebibyte of padding ends neither the run nor the next record", checkOverlong},
	{"reuse", "a decoder that can be used again makes of another stream what a new one does", checkReuse},
	{"refusal", "an error of emit ends Decode and Flush and comes back as it was", checkRefusal},
}

func checkEvents(f *parsers.Format, c Case) error {
	stream, records := c.pieces()
	events, err := run{format: f, c: c, stream: stream}.decode(records)
	if err != nil {
		return err
	}
	if c.Want == nil {
		if len(events) == 0 {
			return fmt.Errorf("no event")
		}
		return nil
	}
	return same(c.Want, texts(events))
}

func checkSniff(f *parsers.Format, c Case) error {
	stream, _ := c.pieces()
	prefix := bytes.Clone(stream[:min(len(stream), parsers.SniffLen)])
	v := f.Sniff(prefix, c.Path)
	if v.Confidence == parsers.No && !c.Unsniffed {
		return fmt.Errorf("own input refused: %q", v.Why)
	}
	if !bytes.Equal(prefix, stream[:len(prefix)]) {
		return fmt.Errorf("the bytes shown to Sniff were changed")
	}
	for _, other := range []string{"", "\n", "\x00\x00", "\xff\xfe\xfd", "plain words without any form\n"} {
		if v := f.Sniff([]byte(other), ""); v.Confidence != parsers.No {
			return fmt.Errorf("%q recognised with confidence %d", other, v.Confidence)
		} else if v.Why == "" {
			return fmt.Errorf("%q refused without a reason", other)
		}
	}
	return nil
}

func checkForeign(f *parsers.Format, c Case) error {
	for _, text := range c.Foreign {
		dec := f.NewDecoder(parsers.Options{Fields: c.Fields})
		emitted := 0
		emit := func(*parsers.Event) error { emitted++; return nil }
		p := piece{pos: parsers.Pos{Line: 1, Length: int64(len(text))}, raw: []byte(text)}
		err := dec.Decode(run{format: f, c: c}.record(p, p.raw), emit)
		if err != parsers.ErrForeign || emitted > 0 {
			return fmt.Errorf("%.200q: error %v and %d events", text, err, emitted)
		}
	}
	return nil
}

func checkRepeat(f *parsers.Format, c Case) error {
	_, records := c.pieces()
	a, err := run{format: f, c: c}.decode(records)
	if err != nil {
		return err
	}
	b, err := run{format: f, c: c}.decode(records)
	if err != nil {
		return err
	}
	return sameEvents(a, b)
}

func checkAliasing(f *parsers.Format, c Case) error {
	stream, records := c.pieces()
	want, err := run{format: f, c: c, stream: stream}.decode(records)
	if err != nil {
		return err
	}
	got, err := run{format: f, c: c, stream: stream, scribble: true}.decode(records)
	if err != nil {
		return err
	}
	return sameEvents(want, got)
}

func checkReuse(f *parsers.Format, c Case) error {
	stream, records := c.pieces()
	want, err := run{format: f, c: c, stream: stream}.decode(records)
	if err != nil {
		return err
	}
	dec := f.NewDecoder(parsers.Options{Fields: c.Fields})
	for range 4 { // what comes for the third time may be known
		got, err := run{format: f, c: c, stream: stream, decoder: dec}.decode(records)
		if err != nil {
			return err
		}
		if err := sameEvents(want, got); err != nil {
			return err
		}
		if r, ok := dec.(parsers.Reuser); !ok || !r.Reuse() {
			return nil
		}
	}
	return nil
}

func checkReads(f *parsers.Format, c Case) error {
	if c.Records != nil {
		return nil
	}
	want, err := run{format: f, c: c}.decode(lines([]byte(c.Input)))
	if err != nil {
		return err
	}
	for _, r := range []func() ([]byte, error){
		func() ([]byte, error) { return readAll(iotest.OneByteReader(strings.NewReader(c.Input))) },
		func() ([]byte, error) { return readAll(iotest.HalfReader(strings.NewReader(c.Input))) },
		func() ([]byte, error) { return readAll(iotest.DataErrReader(strings.NewReader(c.Input))) },
	} {
		stream, err := r()
		if err != nil {
			return err
		}
		got, err := run{format: f, c: c, stream: stream}.decode(lines(stream))
		if err != nil {
			return err
		}
		if err := sameEvents(want, got); err != nil {
			return err
		}
	}
	return nil
}

func checkEndings(f *parsers.Format, c Case) error {
	if c.Records != nil {
		return nil
	}
	want, err := run{format: f, c: c}.decode(lines([]byte(c.Input)))
	if err != nil {
		return err
	}
	unix := strings.ReplaceAll(c.Input, "\r\n", "\n")
	for name, input := range map[string]string{
		"CRLF": strings.ReplaceAll(unix, "\n", "\r\n"), "no final newline": strings.TrimRight(c.Input, "\r\n"),
		"byte order mark": string(bom) + c.Input, "blank lines": strings.ReplaceAll(c.Input, "\n", "\n\n"),
		"NUL runs": strings.ReplaceAll(c.Input, "\n", "\n\x00\x00\x00"),
	} {
		stream := []byte(input)
		got, err := run{format: f, c: c, stream: stream}.decode(lines(stream))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := same(texts(want), texts(got)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func texts(events []seen) []string {
	out := []string{}
	for _, e := range events {
		out = append(out, e.text)
	}
	return out
}

func sameEvents(want, got []seen) error {
	if err := same(texts(want), texts(got)); err != nil {
		return err
	}
	for i := range want {
		if want[i].deep != got[i].deep || want[i].first != got[i].first {
			return fmt.Errorf("event %d:\n\twant %s\n\tgot  %s", i, want[i].deep, got[i].deep)
		}
	}
	return nil
}

func same(want, got []string) error {
	if slices.Equal(want, got) {
		return nil
	}
	return fmt.Errorf("events differ:\n\twant %s\n\tgot  %s", strings.Join(want, "\n\t     "), strings.Join(got, "\n\t     "))
}
