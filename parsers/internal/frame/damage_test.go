package frame

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

// TestTheNextRecordFarBehindATornOne: it is looked for a little further each time, and found
// wherever in its line it begins, also where a look ends within its mark.
func TestTheNextRecordFarBehindATornOne(t *testing.T) {
	const torn, next = `{"name":"a",]`, `{"name":"b"}`
	for _, far := range []int{0, 1, leastAhead - len(torn) - 4, leastAhead - len(torn), leastAhead, 2*leastAhead - len(torn) - 3, 40 * leastAhead} {
		stream := torn + strings.Repeat("x", far) + next + "\n"
		for name, got := range map[string][]string{
			"whole":   frames(t, strings.NewReader(stream), Options{}),
			"by byte": frames(t, iotest.OneByteReader(strings.NewReader(stream)), Options{}),
		} {
			if !strings.Contains(fmt.Sprint(got), next) || len(got) != 2 {
				t.Errorf("%d bytes behind, %s: %d pieces: %.300q", far, name, len(got), got)
			}
		}
	}
}
