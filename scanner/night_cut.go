package scanner

import (
	"bytes"
	"encoding/json"
	"io"
)

// cutWindow is how far before its end a file is looked at for a clean cut.
const cutWindow = 64 << 10

// cleanCut finds the last place in f, between start and end, at which nothing
// is torn apart: a line begins there, all lines around are whole JSON objects
// with an audit ID, and no ID stands on both sides. It returns 0 if there is
// none.
func cleanCut(f io.ReaderAt, start, end int64) int64 {
	from := max(start, end-cutWindow)
	window := make([]byte, end-from)
	if n, err := f.ReadAt(window, from); err != nil || n < len(window) {
		return 0
	}
	if from > 0 && from > start { // at start, a line begins
		skip := bytes.IndexByte(window, '\n') + 1
		if skip == 0 {
			return 0
		}
		from, window = from+int64(skip), window[skip:]
	}
	window = window[:bytes.LastIndexByte(window, '\n')+1]
	return lastCut(window, from)
}

// lastCut goes over whole lines from the first to the last: a place is clean
// if the last line of every ID seen before it stands before it.
func lastCut(window []byte, from int64) int64 {
	last := map[string]int{} // line on which an ID stands last
	var ids []string
	var starts []int
	for at := 0; at < len(window); {
		n := bytes.IndexByte(window[at:], '\n')
		id, ok := auditID(window[at : at+n])
		if !ok {
			return 0
		}
		last[id] = len(ids)
		ids, starts = append(ids, id), append(starts, at)
		at += n + 1
	}
	best, reach := 0, -1
	for i := range ids {
		if reach < i {
			best = starts[i]
		}
		reach = max(reach, last[ids[i]])
	}
	if best == 0 {
		return 0
	}
	return from + int64(best)
}

func auditID(line []byte) (string, bool) {
	var x struct {
		ID string `json:"auditID"`
	}
	err := json.Unmarshal(line, &x)
	return x.ID, err == nil && x.ID != ""
}
