package jsonfields

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestRoomOfALargeRecord: the tree of a record of many values takes a few times what
// the record does, and nothing once it is let go of.
func TestRoomOfALargeRecord(t *testing.T) {
	var keys strings.Builder
	for i := range 4 * MaxValues {
		fmt.Fprintf(&keys, `"k%d":1,`, i)
	}
	for name, record := range map[string]string{
		"members":       `{` + keys.String() + `"z":1}`,
		"inner members": `{"a":{` + keys.String() + `"z":1},"b":2}`,
		"an array":      `{"a":[` + strings.Repeat("1,", 8*MaxValues) + `1],"b":2}`,
		"objects":       `{"a":[` + strings.Repeat(`{"b":1},`, 2*MaxValues) + `1],"b":2}`,
	} {
		data := []byte(record)
		var p Parser
		before := liveBytes()
		doc, err := p.Parse(data)
		if err != nil || !doc.Dropped() {
			t.Fatalf("%s: error %v, dropped %v", name, err, doc.Dropped())
		}
		if took, most := liveBytes()-before, int64(2*len(data)+300*MaxValues); took > most {
			t.Errorf("%s: %d bytes for a record of %d, want at most %d", name, took, len(data), most)
		}
		if string(doc.Root().Get("b").Text()) != "2" && name != "members" {
			t.Errorf("%s: the member behind is missing", name)
		}
		p.Release()
		if left := liveBytes() - before; left > 1<<20 {
			t.Errorf("%s: %d bytes are held after the record was let go of", name, left)
		}
		runtime.KeepAlive(data)
	}
}

func liveBytes() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
