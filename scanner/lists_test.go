package scanner

import (
	"testing"
	"time"
)

func TestListsNameByPattern(t *testing.T) {
	l := lists{"operators": {"system:serviceaccount:flux-system:*", "vault", "*@robot.example", "a*b*c"}}
	for s, want := range map[string]bool{
		"system:serviceaccount:flux-system:kustomize": true, "system:serviceaccount:flux": false, "VAULT": true, "vault2": false,
		"x@robot.example": true, "": false, "abc": true, "aXbYc": true, "ac": false, "abcd": false,
	} {
		if got := l.has("operators", s); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
	if l.has("unknown", "vault") {
		t.Error("a list that is not there names somebody")
	}
}

func TestListsBoundATime(t *testing.T) {
	l := lists{"since": {"2026-03-10T00:00:00Z"}, "until": {"2026-03-11T00:00:00Z", "no time"}}
	for hour, want := range map[int]bool{-1: false, 0: true, 12: true, 25: false} {
		at := time.Date(2026, 3, 10, hour, 0, 0, 0, time.UTC)
		if got := l.within("since", "until", at); got != want {
			t.Errorf("%v: got %v, want %v", at, got, want)
		}
	}
}
