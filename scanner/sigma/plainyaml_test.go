package sigma

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sameAsLibrary demands that what the short way reads is what the library
// reads. It reports whether the short way was taken.
func sameAsLibrary(t *testing.T, name string, data []byte) bool {
	got, ok := plainYAML(data, new(arena))
	if !ok {
		return false
	}
	want, err := libraryDocuments(data)
	if err != nil || len(want) != 1 {
		t.Fatalf("%s: read the short way, but the library says %v, %d documents\n%s", name, err, len(want), data)
	}
	if diff := differ("", got, want[0]); diff != "" {
		t.Fatalf("%s: %s\n%s", name, diff, data)
	}
	return true
}

// differ says where two trees are not the same.
func differ(path string, a, b *node) string {
	switch {
	case a.kind != b.kind || a.tag != b.tag || a.text != b.text || a.line != b.line || len(a.items) != len(b.items) || len(a.keys) != len(b.keys):
		return path + ": differ: " + tell(a) + " and " + tell(b)
	}
	for i := range a.items {
		at := path + "/"
		if a.kind == mapping {
			if d := differ(path+" key", a.keys[i], b.keys[i]); d != "" {
				return d
			}
			at += a.keys[i].text
		}
		if d := differ(at, a.items[i], b.items[i]); d != "" {
			return d
		}
	}
	return ""
}

func tell(n *node) string {
	c := *n
	c.items, c.keys = nil, nil
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(reflect.ValueOf(c).String(), "\n", " "), "  ", " ")) +
		" kind " + string('0'+rune(c.kind)) + " tag " + c.tag + " text " + quote(c.text) + " line " + quote(string(rune('0'+c.line%10)))
}

// TestBuiltinRulesTakeTheShortWay, and so start quickly; public rules do as
// far as they are plain.
func TestBuiltinRulesTakeTheShortWay(t *testing.T) {
	for _, c := range []struct {
		dir  string
		most float64 // share that may need the library
	}{{"../rules", 0}, {"../../../shared/sigma", 1}} {
		all, short := 0, 0
		err := filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yml" {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			all++
			if sameAsLibrary(t, path, data) {
				short++
			} else {
				t.Logf("left to the library: %s", path)
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if float64(all-short) > c.most*float64(all) {
			t.Errorf("%s: %d of %d files read the short way", c.dir, short, all)
		}
		t.Logf("%s: %d of %d files read the short way", c.dir, short, all)
	}
}

// shapes are YAML of all kinds that the short way knows, and some it must
// leave alone.
var shapes = []string{
	"a: b\n", "a: b", "a:\n  b: c\n  d: [1, 'x', \"y\\\"\"]\n", "- a\n- b: c\n  d: e\n", "a:\n- b\n- c\nd: e\n", "a: {b: c, 'd': [e, {f: g}]}\n",
	"a: >-\n  one\n  two\nb: |\n  one\n  two\nc: >\n  x\n", "a: one\n  two three\nb: 1\n", "# c\n\na: b # d\n# e\nb:\n  # f\n  - 'it''s'\n",
	"a: [b,\n  c,\n  d]\n", "{\"a\":{\"b\":[\"c\",1,true,null]}}", "a: true\nb: ~\nc: 2026-11-21\nd: 0x1f\ne: yes\nf: 1.5\ng: .5\nh: null\n", "a|re: x\n'b c': d\n",
	"a:\nb: c\n", "a: b: c\n", "a: *b\n", "a: &b c\n", "<<: {a: b}\n", "a: !!str b\n", "---\na: b\n---\nc: d\n", "a: b\na: c\n", "a: 'b\n  c'\n", "a: \"b\\n\"\n", "a: \"b\\t\n  c\\r \\\" d\\n\n  e\"\n", "\"a\\nb\": [\"\\n\"]\n", "a: \"\\x41\\u00e9\"\n",
	"a: |\n  x\n\n  y\n", "a: >\n  x\n   y\n", "- - a\n", "? a\n: b\n", "a: [b: c]\n", "a: [b, ]\n", "a: []\nb: {}\n", "a: -\n", "a: - b\n", "a:b\n", "a : b\n",
	"a: b\n c: d\n", "a:\n    b: c\n  d: e\n", "a: x#y\n", "a: x # y\nb: z  # :\n", "- x # y\n- z #\n", "a: x # y\n  z\n", "a: x: y # z\n", "a: x\n  y # z\nb: c\n", "a: # b\n  c # d\n", "a: 'x'#y\n", "a: @b\n", "a: 1:2\n", "a: {b:c}\n", "a: [a b , c ]\n", "a:  b  \n", "a: b\n...\n", "a: =\n", "a: [<]\n",
	"- 'a': b\n", "- a: b\n- c\n", "- >-\n  x\n- y\n", "a:\n  - b\n c: d\n", "a: [\nb]\n", "a: {b: {c: d}\n  }\n", "x", "[a, b]", "'a b'", "a: x\n\n  y\n", "a:\n  - x\n    y\n",
	"a: 'b  \n   c d'\ne: f\n", "a: \"b \\\"\n  c\" # d\ne: f\n", "a: 'b\n\n  c'\n", "a: 'b\nc'\n", "a:\n  b: 'c\n d'\n", "a:\n  - 'b\n c'\n", "a: ['b\n  c']\n", "a: '\n  c'\n",
	"a: :b\nc: d\n", "a: ::b\n", "a: : b\n", "- :b\n", "a: :b:c d\n", ":a: b\n", "a:\n  [b,\n   c]\nd: e\n", "a:\n  {b: c}\nd: e\n", "- \n  [a]\n", "a:\n  [b]: c\n", "a:\n  [b] c\n",
}

func TestPlainYAMLIsYAML(t *testing.T) {
	short := 0
	for _, s := range shapes {
		if sameAsLibrary(t, s, []byte(s)) {
			short++
		}
	}
	if short < 15 {
		t.Errorf("%d of %d shapes read the short way", short, len(shapes))
	}
}

// FuzzPlainYAML: whatever is read the short way is what the library reads.
func FuzzPlainYAML(f *testing.F) {
	for _, s := range shapes {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4096 {
			sameAsLibrary(t, "fuzz", data)
		}
	})
}
