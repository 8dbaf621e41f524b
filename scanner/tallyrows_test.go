package scanner

import (
	"fmt"
	"testing"
	"time"

	"tideline/parsers"
)

// TestContainersTellApartOnlyWhoIsOne: what a client of the daemon did to a
// thousand containers is one row, while the processes of each are actors of their
// own.
func TestContainersTellApartOnlyWhoIsOne(t *testing.T) {
	for kind, want := range map[parsers.ActorKind]int{parsers.DockerClient: 1, parsers.LinuxUser: 1, parsers.ContainerProcess: 1000} {
		tally := newTally()
		for i := range 1000 {
			tally.principal(&parsers.Event{
				Time:   time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
				Origin: parsers.Origin{Host: "n1", Container: parsers.Container{ID: fmt.Sprint("c", i)}},
				Facts:  parsers.Facts{Actor: kind, Action: []byte("exec_create")},
			}, "events.json")
		}
		rows := len(tally.rows.byKey)
		if got := len(tally.take().Principals); rows != want || got != want {
			t.Errorf("%s: %d rows and %d principals, want %d", kind, rows, got, want)
		}
	}
}
