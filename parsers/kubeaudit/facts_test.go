package kubeaudit

import (
	"fmt"
	"testing"
	"time"

	"tideline/parsers"
)

// facts decodes one event and prints what show makes of it.
func facts(t *testing.T, record string, origin parsers.Origin, show func(*parsers.Event) string) string {
	t.Helper()
	got := "no event"
	d := Format.NewDecoder(parsers.Options{})
	err := d.Decode(&parsers.Record{Data: []byte(record), Origin: origin}, func(ev *parsers.Event) error {
		got = show(ev)
		return nil
	})
	if err != nil && !kept(err) {
		t.Errorf("%.80s: %v", record, err)
	}
	return got
}

func TestOutcome(t *testing.T) {
	for members, want := range map[string]parsers.Outcome{
		`"responseStatus":{"code":200}`:                                                          parsers.Allowed,
		`"responseStatus":{"code":101}`:                                                          parsers.Allowed,
		`"responseStatus":{"code":304}`:                                                          parsers.Allowed,
		`"responseStatus":{"code":401}`:                                                          parsers.Denied,
		`"responseStatus":{"code":403}`:                                                          parsers.Denied,
		`"responseStatus":{"code":403.0}`:                                                        parsers.Denied,
		`"responseStatus":{"code":200.000000}`:                                                   parsers.Allowed,
		`"responseStatus":{"code":404}`:                                                          parsers.Failed,
		`"responseStatus":{"code":500}`:                                                          parsers.Failed,
		`"responseStatus":{"code":0,"status":"Failure"}`:                                         parsers.Failed,
		`"responseStatus":{"metadata":{}}`:                                                       parsers.Unknown,
		`"annotations":{"authorization.k8s.io/decision":"forbid"}`:                               parsers.Denied,
		`"annotations":{"authorization.k8s.io/decision":"allow"}`:                                parsers.Allowed,
		`"responseStatus":{"code":200},"annotations":{"authorization.k8s.io/decision":"forbid"}`: parsers.Denied,
		`"level":"Metadata"`:                                                                     parsers.Unknown,
	} {
		if got := facts(t, event(members), parsers.Origin{}, func(ev *parsers.Event) string { return ev.Facts.Outcome.String() }); got != want.String() {
			t.Errorf("%s: %s, want %s", members, got, want)
		}
	}
	for stage, want := range map[string]string{"RequestReceived": "unknown", "Panic": "failed", "ResponseStarted": "allowed"} {
		record := `{"auditID":"x","stage":"` + stage + `","verb":"get","annotations":{"authorization.k8s.io/decision":"allow"}}`
		if got := facts(t, record, parsers.Origin{}, func(ev *parsers.Event) string { return ev.Facts.Outcome.String() }); got != want {
			t.Errorf("%s: %s, want %s", stage, got, want)
		}
	}
}

func TestActor(t *testing.T) {
	for members, want := range map[string]parsers.ActorKind{
		`"user":{"username":"ann"}`:                            parsers.KubernetesUser,
		`"user":{"username":"system:serviceaccount:a:b"}`:      parsers.KubernetesServiceAccount,
		`"user":{"username":"system:node:n1"}`:                 parsers.KubernetesNode,
		`"user":{"username":"system:anonymous"}`:               parsers.KubernetesAnonymous,
		`"user":{"username":"system:kube-scheduler"}`:          parsers.KubernetesUser,
		`"user":{},"responseStatus":{"code":401}`:              parsers.KubernetesAnonymous,
		`"user":{"username":""},"responseStatus":{"code":401}`: parsers.KubernetesAnonymous,
		`"level":"Metadata"`:                                   parsers.UnknownActor,
	} {
		if got := facts(t, event(members), parsers.Origin{}, func(ev *parsers.Event) string { return string(ev.Facts.Actor) }); got != string(want) {
			t.Errorf("%s: %s, want %s", members, got, want)
		}
	}
	got := facts(t, listSecrets, parsers.Origin{}, func(ev *parsers.Event) string {
		f := &ev.Facts
		return fmt.Sprintf("%s %s %s %s %s %s %s", f.Groups, f.Addresses, f.Session, f.Agent, f.Details, ev.Request.ID, ev.Request.Stage)
	})
	want := "[system:serviceaccounts system:authenticated] [203.0.113.9 10.0.3.7] JTI=1c9e curl/8.5.0 [Metadata] " +
		"5b0d9a6e-0c1f-4c55-8f2b-1f5a1f0c7d11 ResponseComplete"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTimeOrder(t *testing.T) {
	envelope := parsers.Origin{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("x", 3600))}
	for members, want := range map[string]string{
		`"requestReceivedTimestamp":"2026-03-01T10:00:00.000001Z","timestamp":"2025-01-01T00:00:00Z"`:     "2026-03-01T10:00:00.000001Z",
		`"timestamp":"2025-01-01T00:00:00Z","stageTimestamp":"2025-01-02T00:00:00Z"`:                      "2025-01-01T00:00:00Z",
		`"stageTimestamp":"2025-01-02T00:00:00Z","metadata":{"creationTimestamp":"2025-01-03T00:00:00Z"}`: "2025-01-02T00:00:00Z",
		`"metadata":{"creationTimestamp":"2025-01-03T00:00:00Z"}`:                                         "2025-01-03T00:00:00Z",
		`"requestReceivedTimestamp":"yesterday"`:                                                          "2025-12-31T23:00:00Z",
		`"level":"Metadata"`:                                                                              "2025-12-31T23:00:00Z",
	} {
		if got := facts(t, event(members), envelope, func(ev *parsers.Event) string { return ev.Time.Format(time.RFC3339Nano) }); got != want {
			t.Errorf("%s: %s, want %s", members, got, want)
		}
	}
}

func TestStamp(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-01T10:00:00.123456Z":     "2026-03-01T10:00:00.123456Z",
		"2026-03-01T10:00:00Z":            "2026-03-01T10:00:00Z",
		"2026-03-01T10:00:00.1234567890Z": "2026-03-01T10:00:00.123456789Z",
		"2026-03-01T10:00:00+02:00":       "2026-03-01T08:00:00Z",
		"2026-03-01T10:00:00.5-0130":      "2026-03-01T11:30:00.5Z",
		"2022-11-29 00:09:04.38":          "2022-11-29T00:09:04.38Z",
		"2026-12-31T23:59:60Z":            "2027-01-01T00:00:00Z",
		"2018-07-20 10:22:43 +0800":       "2018-07-20T02:22:43Z",
		"2026-03-01 10:00:00.5+00":        "2026-03-01T10:00:00.5Z",
		"1740823201":                      "2025-03-01T10:00:01Z",
		"1740823201.5":                    "2025-03-01T10:00:01.5Z",
		"1740823201123":                   "2025-03-01T10:00:01.123Z",
		"1740823201123456":                "2025-03-01T10:00:01.123456Z",
		"1740823201123456789":             "2025-03-01T10:00:01.123456789Z",
		"1740823201123.5":                 "", "17408232011": "", "9999999999999999999": "", "0000000000": "", "1740823201.5x": "", "2026-03-01T10:00:00 ": "",
		"2026-02-29T10:00:00Z": "", "2026-13-01T10:00:00Z": "", "2026-03-01T24:00:00Z": "", "2026-03-01": "", "": "",
		"2026-03-01T10:00:00X": "", "2026-03-01T10:00:00+2": "", "2026-03-01T10:00:00+25:00": "", "20260301T100000Z0000": "",
		"-001-03-01T10:00:00Z": "", "2026-03-01T10:00:00.Z": "2026-03-01T10:00:00Z", "0000-03-01T10:00:00Z": "",
	} {
		got := ""
		if at, ok := stamp([]byte(in)); ok {
			got = at.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
