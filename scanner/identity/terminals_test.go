package identity

import (
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// inContainer is a process on a terminal of container abc.
func inContainer(seconds float64, tty, command string) *finding.Hit {
	h := actAt(seconds, "container-process", "container:abc", "node1", command)
	h.Actor.Session, h.Container.ID = tty, "abc"
	return h
}

// TestWhatIsTypedInAContainerIsOfWhoOpenedTheShell: docker exec -it web sh, and then
// cat in it. The kernel knows no login of either, but the terminal.
func TestWhatIsTypedInAContainerIsOfWhoOpenedTheShell(t *testing.T) {
	opens := func(seconds float64, who string) *finding.Hit {
		return actAt(seconds, "linux-user", "linux:node1/"+who, "node1", "docker exec -it web sh")
	}
	shell := func(seconds float64) *finding.Hit { return inContainer(seconds, "pts0", "sh") }
	for _, c := range []struct {
		name   string
		before []*finding.Hit
		act    *finding.Hit
		want   string
	}{
		{"in the shell", []*finding.Hit{opens(0, "auid=1004"), shell(0.2)}, inContainer(60, "pts0", "cat /token"), "linux:node1/auid=1004"},
		{"on another terminal", []*finding.Hit{opens(0, "auid=1004"), shell(0.2)}, inContainer(60, "pts1", "cat /token"), "container:abc"},
		{"without a terminal", []*finding.Hit{opens(0, "auid=1004"), shell(0.2)}, inContainer(60, "", "cat /token"), "container:abc"},
		{"before it was opened", []*finding.Hit{inContainer(0, "pts0", "id"), opens(10, "auid=1004"), shell(10.2)}, inContainer(0, "pts0", "cat /token"), "container:abc"},
		{"long after", []*finding.Hit{opens(0, "auid=1004"), shell(0.2)}, inContainer(2*time.Hour.Seconds(), "pts0", "cat /token"), "container:abc"},
		{"after somebody else's shell", []*finding.Hit{opens(0, "auid=1004"), shell(0.2), opens(30, "auid=1005"), shell(30.2)}, inContainer(60, "pts0", "cat /token"), "linux:node1/auid=1005"},
		{"in the first of two shells", []*finding.Hit{opens(0, "auid=1004"), shell(0.2), opens(30, "auid=1005"), shell(30.2)}, inContainer(20, "pts0", "cat /token"), "linux:node1/auid=1004"},
		{"after a shell of nobody knows whom", []*finding.Hit{opens(0, "auid=1004"), shell(0.2), shell(30)}, inContainer(60, "pts0", "cat /token"), "container:abc"},
		{"where two asked at once", []*finding.Hit{opens(0, "auid=1004"), opens(0.1, "auid=1005"), shell(0.2)}, inContainer(60, "pts0", "cat /token"), "container:abc"},
		{"after a command that is no shell", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec -it web top"), inContainer(0.2, "pts0", "top")},
			inContainer(60, "pts0", "cat /token"), "container:abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, links := behindResumed(c.before, c.act, parsers.Container{ID: "abc"})
			if id != c.want || (len(links) > 0) != (c.want != "container:abc") {
				t.Errorf("%s by %+v, want %s", id, links, c.want)
			}
		})
	}
}
