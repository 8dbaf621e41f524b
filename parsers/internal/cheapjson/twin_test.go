package cheapjson

import (
	"strings"
	"testing"
)

// twins are two values, what stands between them, and where the second begins.
func twins(first, second string) ([]byte, int) {
	return []byte(first + `,"answer":` + second + `,"notes":{}}`), len(first) + len(`,"answer":`)
}

// checkTwins holds both walks against that which knows of no other value.
func checkTwins(t *testing.T, first, second string) {
	t.Helper()
	b, at := twins(first, second)
	var trail Trail
	if got, want := EndOfTrailed(b, 0, &trail), EndOfRaw(b, 0); got != want {
		t.Fatalf("the first of %q ends at %d, want %d", b, got, want)
	}
	if got, want := EndOfTwin(b, at, &trail), EndOfRaw(b, at); got != want {
		t.Fatalf("the second of %q ends at %d, want %d", b, got, want)
	}
}

func TestTwins(t *testing.T) {
	long := `{"items":[` + strings.Repeat(`{"a":"}","b":["\\",1]},`, 2000) + `0]}`
	cases := map[string][2]string{
		"equal":                    {body, body},
		"another version":          {body, strings.Replace(body, "182736", "182737", 1)},
		"a longer version":         {body, strings.Replace(body, "182736", "1182736", 1)},
		"a member more":            {body, strings.Replace(body, `"spec"`, `"status":{},"spec"`, 1)},
		"ends sooner":              {body, body[:len(body)-30] + `"}`},
		"a quote more":             {body, strings.Replace(body, "node-7", `node"7`, 1)},
		"an escape at each stride": {body, strings.ReplaceAll(body, "-", `\"`)},
		"none":                     {body, `{}`},
		"text":                     {body, `"{"`},
		"the first is text":        {`"a"`, body},
		"deep":                     {strings.Repeat("{", maxDepth+9), body},
		"cut":                      {body, body[:100]},
		"longer than a trail":      {long, long},
		"longer, and other":        {long, strings.Replace(long, `1]},{`, `1,2]},{`, 700)},
		"brackets in its end":      {`{"a":"` + strings.Repeat("x", 2*stride) + `"}`, `{"a":"` + strings.Repeat("x", 2*stride) + `","b":{}}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { checkTwins(t, c[0], c[1]) })
	}
}

// FuzzTwins takes a value and what of it is another in the second.
func FuzzTwins(f *testing.F) {
	f.Add(body, "182736", "182737", 1)
	f.Add(body, `"`, `\"`, 3)
	f.Add(body, `}`, `]}`, 2)
	f.Add(record, `{`, `{{`, 1)
	f.Fuzz(func(t *testing.T, first, old, new string, n int) {
		if !strings.HasPrefix(first, "{") {
			return
		}
		checkTwins(t, first, strings.Replace(first, old, new, n))
	})
}

func BenchmarkTwins(b *testing.B) {
	for name, second := range map[string]string{"equal": body, "another version": strings.Replace(body, "182736", "182737", 1), "shifted": strings.Replace(body, "182736", "1182736", 1)} {
		b.Run(name, func(b *testing.B) {
			data, at := twins(body, second)
			var trail Trail
			b.SetBytes(int64(len(body) + len(second)))
			b.ReportAllocs()
			for b.Loop() {
				EndOfTrailed(data, 0, &trail)
				EndOfTwin(data, at, &trail)
			}
		})
	}
}
