package parsertest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tideline/parsers"
)

// A complaint keeps what is said of a test instead of failing it.
type complaint struct {
	testing.TB
	said string
}

func (c *complaint) Helper()                        {}
func (c *complaint) Errorf(format string, a ...any) { c.said += fmt.Sprintf(format, a...) }
func (c *complaint) Fatalf(format string, a ...any) { c.Errorf(format, a...); runtime.Goexit() }

func TestAlikeFindsWhatDiffers(t *testing.T) {
	var a Alike
	see := func(like parsers.Likeness, exact, loosely string) string {
		c := &complaint{TB: t}
		a.See(c, &parsers.Event{Like: like}, func(loose bool) string {
			if loose {
				return loosely
			}
			return exact
		})
		return c.said
	}
	for i, test := range []struct {
		like           parsers.Likeness
		exact, loosely string
		wrong          bool
	}{
		{parsers.Likeness{}, "anything", "", false},
		{parsers.Likeness{Number: 1, First: true}, "get db", "get", false},
		{parsers.Likeness{Number: 2, First: true, Loose: true}, "list", "list", false},
		{parsers.Likeness{Number: 1}, "get db", "get", false},
		{parsers.Likeness{Number: 1}, "get tls", "get", true},
		{parsers.Likeness{Number: 1, Loose: true}, "get tls", "get", false},
		{parsers.Likeness{Number: 1, Loose: true}, "get tls", "list", true},
		{parsers.Likeness{Number: 2}, "get db", "get", true},
		{parsers.Likeness{Number: 3}, "of a number that never began", "", true},
		{parsers.Likeness{Number: 1, First: true}, "get tls", "get", false},
		{parsers.Likeness{Number: 1}, "get tls", "get", false},
	} {
		if said := see(test.like, test.exact, test.loosely); (said != "") != test.wrong {
			t.Errorf("%d: %+v %q: said %q", i, test.like, test.exact, said)
		}
	}
	if a.Used != 7 {
		t.Errorf("%d events were like an earlier one, want 7", a.Used)
	}
}

func TestSameFindsWhatDiffers(t *testing.T) {
	for _, test := range []struct {
		with, without, want string
	}{
		{"a b", "a b", ""},
		{"a x", "a b", "event 1 of 2"},
		{"a", "a b", "(none)"},
		{"a b", "a", "(none)"},
	} {
		c := &complaint{TB: t}
		done := make(chan bool)
		go func() {
			defer close(done)
			Same(c, strings.Fields(test.with), strings.Fields(test.without))
		}()
		<-done
		if !strings.Contains(c.said, test.want) || (c.said == "") != (test.want == "") {
			t.Errorf("%q beside %q: %q, want %q", test.with, test.without, c.said, test.want)
		}
	}
}
