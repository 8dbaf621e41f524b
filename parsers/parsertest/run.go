package parsertest

import (
	"fmt"
	"runtime/debug"
	"testing"

	"tideline/parsers"
)

// Run checks f against the rules that all formats keep, on every case, each
// check as a subtest. It also checks what f says of itself.
func Run(t *testing.T, f *parsers.Format, cases ...Case) {
	t.Helper()
	if err := checkFormat(f); err != nil {
		t.Fatalf("format %q: %v", f.Name, err)
	}
	for _, c := range cases {
		for _, k := range checks {
			t.Run(c.Name+"/"+k.name, func(t *testing.T) {
				if err := k.try(f, c); err != nil {
					t.Errorf("%v\nrule: %s", err, k.why)
				}
			})
		}
	}
}

// try runs a check; a panic is a broken rule like any other.
func (k check) try(f *parsers.Format, c Case) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return k.run(f, c)
}

// checkFormat checks that a format is described in full.
func checkFormat(f *parsers.Format) error {
	switch {
	case f.Name == "" || f.Title == "":
		return fmt.Errorf("has no name or no title")
	case f.Sniff == nil || f.NewDecoder == nil:
		return fmt.Errorf("has no Sniff or no NewDecoder")
	case len(f.Kinds) == 0:
		return fmt.Errorf("has no kinds, so that no rule applies to it")
	}
	for _, k := range f.Kinds {
		if k.Name == "" || len(k.Sources) == 0 {
			return fmt.Errorf("kind %q has no name or no log source", k.Name)
		}
	}
	return emptyStream(f)
}

// emptyStream checks that a stream without records has no events.
func emptyStream(f *parsers.Format) error {
	events := 0
	err := f.NewDecoder(parsers.Options{}).Flush(func(*parsers.Event) error { events++; return nil })
	if err != nil || events > 0 {
		return fmt.Errorf("an empty stream gives %d events and error %v", events, err)
	}
	return nil
}
