package envelope

import (
	"strings"
	"testing"

	"tideline/parsers"
)

func TestRoomsKeepNothingOfLongTexts(t *testing.T) {
	room := &parsers.Room{}
	for _, n := range []int{10, 1000, maxRoom / 2, 4 * maxRoom, 10} {
		value := `"` + strings.Repeat("a", n) + `\n"`
		text, ok := textIn(room, []byte(value))
		if want := strings.Repeat("a", n) + "\n"; !ok || string(text) != want {
			t.Fatalf("%d bytes: %d bytes, %v", n, len(text), ok)
		}
		if cap(room.Text) > 2*maxRoom {
			t.Errorf("%d bytes are kept behind a text of %d", cap(room.Text), n)
		}
	}
}

func TestWhatIsAsBeforeIsKept(t *testing.T) {
	rec := &parsers.Record{Room: &parsers.Room{}, Origin: parsers.Origin{Envelope: "cri"}}
	for range 3 {
		in := enter(rec, "syslog")
		in.Origin.Host = same(last(rec).Host, []byte("node-1"))
		if in.Origin.Host != "node-1" || in.Origin.Envelope != "cri>syslog" || in.Room != nil || rec.Origin.Host != "" {
			t.Fatalf("%+v", in)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		enter(rec, "syslog").Origin.Host = same(last(rec).Host, []byte("node-1"))
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
