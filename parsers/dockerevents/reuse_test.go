package dockerevents

import (
	"fmt"
	"testing"
	"time"

	"tideline/parsers/parsertest"
)

// said is a line of an engine, so many seconds after ten.
func said(second int, action string) string {
	at := time.Date(2026, 3, 1, 10, 0, second, 0, time.UTC)
	return fmt.Sprintf(`{"Type":"container","Action":%q,"Actor":{"ID":"4f0c","Attributes":{"name":"ci","image":"alpine"}},"time":%d,"timeNano":%d}`+"\n",
		action, at.Unix(), at.UnixNano())
}

// TestAnotherStreamKnowsNothingOfTheContainersOfTheOneBefore: neither their health
// checks nor that one of them was just created.
func TestAnotherStreamKnowsNothingOfTheContainersOfTheOneBefore(t *testing.T) {
	checks := ""
	for i := range 4 {
		checks += said(10*i, "exec_create: pg_isready")
	}
	parsertest.Reused(t, Format, checks, said(40, "exec_create: pg_isready"), "docker.healthcheck")
	parsertest.Reused(t, Format, said(0, "create"), said(0, "attach"), "docker.foreground")
}
