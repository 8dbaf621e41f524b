package cheapjson

import (
	"strings"
	"testing"
)

// slow is skip as plainly as it can be said.
func slow(b []byte) int {
	depth, inside := 0, false
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
			if !inside && depth == 0 {
				return i + 1
			}
		case inside:
		case c == '\\':
			return failed
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return failed
			}
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return failed
}

func FuzzSkip(f *testing.F) {
	for _, s := range []string{`{"a":["\"}",{}]}`, `["\\","x\u0041"]`, `"abc\\"`, `[[[[[[[[[[]]]]]]]]]]`, `{"a":1}{"b"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || !strings.ContainsRune(`"[{`, rune(b[0])) {
			return
		}
		if got, want := skip(b, 0), slow(b); got != want {
			t.Fatalf("skip gives %d, the plain way %d", got, want)
		}
	})
}

// TestDepth: whatever stands before the brackets, as many as maxDepth may be open.
func TestDepth(t *testing.T) {
	for _, before := range []string{"", `"",`, `"a",`, `"\"",`, `"\\\\"`, `"é",`, `[],{},`, `"` + strings.Repeat("x", 61) + `\"",`} {
		for more := range 3 {
			n := maxDepth - 3 + more
			value := "[" + before + strings.Repeat("[", n) + "[]" + strings.Repeat("]", n) + "]"
			want := len(value)
			if more == 2 {
				want = failed
			}
			var trail Trail
			if a, b, c := skip([]byte(value), 0), slow([]byte(value)), EndOfTrailed([]byte(value), 0, &trail); a != want || b != want || c != want {
				t.Errorf("%.20s... with %d open ends at %d, plainly %d, with a trail %d; want %d", value, n+2, a, b, c, want)
			}
			object := `{"a":` + value + `}`
			b, at := twins(object, object)
			EndOfTrailed(b, 0, &trail)
			if got, want := EndOfTwin(b, at, &trail), EndOfRaw(b, at); got != want {
				t.Errorf("the twin of %.20s... ends at %d, want %d", object, got, want)
			}
		}
	}
}

func TestLanes(t *testing.T) {
	for _, x := range []uint64{0, ones, highs, lows, 0x0100ff8001007f00, 0x0001000100010001} {
		var want uint64
		for k := range 8 {
			if x>>(8*k)&0xff == 0 {
				want |= 0x80 << (8 * k)
			}
		}
		if got := firstZero(x); got&-got != want&-want {
			t.Errorf("firstZero(%#016x) = %#016x, want the lowest bit of %#016x", x, got, want)
		}
	}
}

// body is what API servers log most of: an object with managed fields.
var body = `{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"node-7","namespace":"kube-node-lease","uid":` +
	`"1f7c52b6-2f5e-4f1b-9df4-6a4c0d7e8b11","resourceVersion":"182736","creationTimestamp":"2026-03-01T09:00:00Z","managedFields":` +
	`[{"manager":"kubelet","operation":"Update","apiVersion":"coordination.k8s.io/v1","time":"2026-03-01T10:00:00Z","fieldsType":` +
	`"FieldsV1","fieldsV1":{"f:metadata":{"f:ownerReferences":{".":{},"k:{\"uid\":\"4a4c\"}":{}}},"f:spec":{"f:holderIdentity":{},` +
	`"f:leaseDurationSeconds":{},"f:renewTime":{}}}}]},"spec":{"holderIdentity":"node-7","leaseDurationSeconds":40}}`

var record = `{"verb":"update","user":{"username":"system:node:node-7","groups":["system:nodes","system:authenticated"]},"status":` +
	`{"metadata":{},"code":200},"body":` + body + `,"answer":` + body + `,"notes":{"k8s.io/decision":"allow","k8s.io/reason":""}}`

func BenchmarkWalk(b *testing.B) {
	data := []byte(record)
	var r Record
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if !testSchema.Walk(data, &r) {
			b.Fatal("given up")
		}
	}
}

func BenchmarkSkip(b *testing.B) {
	data := []byte(body)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if skip(data, 0) != len(data) {
			b.Fatal("lost the end")
		}
	}
}

func TestWalkAllocatesNothing(t *testing.T) {
	data := []byte(record)
	var r Record
	if n := testing.AllocsPerRun(100, func() { testSchema.Walk(data, &r) }); n != 0 {
		t.Errorf("%v allocations per record", n)
	}
}
