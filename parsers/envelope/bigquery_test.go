package envelope

import (
	"encoding/json"
	"testing"

	"tideline/parsers"
)

// openedBy is what an envelope has in it, each record as text.
func openedBy(t *testing.T, e Envelope, data string) (out []string) {
	t.Helper()
	found, err := e.Open(&parsers.Record{Data: []byte(data)}, func(rec *parsers.Record) error {
		out = append(out, string(rec.Data))
		return nil
	})
	if err != nil || found != (len(out) > 0) {
		t.Fatalf("found %v with %d records, %v", found, len(out), err)
	}
	return out
}

// Rows of both kinds of table become the entry that they were made of.
func TestRowsOfBigQueryAreEntriesAgain(t *testing.T) {
	const entry = `{"insertId":"i","timestamp":"2026-03-01T10:00:00.5Z","labels":{"authorization.k8s.io/decision":"allow"},` +
		`"protoPayload":{"methodName":"io.k8s.core.v1.secrets.list","requestMetadata":{"callerIp":"192.0.2.7"},"request":{"field_selector":"a_b"}}}`
	sameJSON := func(a, b string) bool {
		var x, y any
		if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
			return false
		}
		ta, _ := json.Marshal(x)
		tb, _ := json.Marshal(y)
		return string(ta) == string(tb)
	}
	for name, row := range map[string]string{
		"of a sink": `{"insertId":"i","timestamp":"2026-03-01 10:00:00.500 UTC","labels":{"authorization_k8s_io_decision":"allow"},"protopayload_auditlog":` +
			`{"methodName":"io.k8s.core.v1.secrets.list","requestMetadata":{"callerIp":"192.0.2.7"},"requestJson":"{\"field_selector\":\"a_b\"}","responseJson":null}}`,
		"of a linked dataset": `{"insert_id":"i","timestamp":"2026-03-01T10:00:00.5Z","labels":{"authorization.k8s.io/decision":"allow"},"proto_payload":{"audit_log":` +
			`{"method_name":"io.k8s.core.v1.secrets.list","request_metadata":{"caller_ip":"192.0.2.7"},"request":{"field_selector":"a_b"},"response":null}}}`,
	} {
		if got := openedBy(t, bigQuery, row); len(got) != 1 || !sameJSON(got[0], entry) {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, none := range []string{`[1]`, `{"a":1}`, `{"protopayload_auditlog":null}`, `{"proto_payload":{"audit_log":"text"}}`} {
		if got := openedBy(t, bigQuery, none); len(got) != 0 {
			t.Errorf("%s holds %q", none, got)
		}
	}
}

func TestTimesOfBigQuery(t *testing.T) {
	for value, want := range map[string]string{
		`"2026-03-01 10:00:00.5 UTC"`: `"2026-03-01T10:00:00.5Z"`,
		`"1.6191892275E9"`:            `"2021-04-23T14:47:07.5Z"`,
		`1619189227.25`:               `"2021-04-23T14:47:07.25Z"`,
		`"soon"`:                      `"soon"`,
		`-5`:                          `-5`,
	} {
		if got := string(rowTime([]byte(value))); got != want {
			t.Errorf("%s is %s, want %s", value, got, want)
		}
	}
}

// Members below what is looked at stay as they are spelled.
func TestCamelEndsSomewhere(t *testing.T) {
	for value, want := range map[string]string{
		`{"a_b":[{"c_d":1},"e_f"]}`: `{"aB":[{"cD":1},"e_f"]}`,
		`"x_y"`:                     `"x_y"`,
		`{"_a_":{"b__c":2}}`:        `{"A":{"bC":2}}`,
	} {
		if got := string(camelMembers([]byte(value), 0)); got != want {
			t.Errorf("%s is %s, want %s", value, got, want)
		}
	}
	if got := string(camelMembers([]byte(`{"a_b":1}`), maxCamel)); got != `{"a_b":1}` {
		t.Errorf("deeper than that: %s", got)
	}
}

func TestAnEntryOfSeveralMessages(t *testing.T) {
	got := openedBy(t, journaldJSON, `{"__REALTIME_TIMESTAMP":"1772359200000000","_HOSTNAME":"h","MESSAGE":["first",[115,101,99],null,{"x":1}]}`)
	if len(got) != 2 || got[0] != "first" || got[1] != "sec" {
		t.Errorf("%q", got)
	}
}

func TestAProgramThatPrintsEventsAsItsMessages(t *testing.T) {
	line := `time="2026-03-01T10:00:00Z" level=info msg=` + quote(bare)
	if got := openedBy(t, logrus, line); len(got) != 1 || got[0] != bare {
		t.Errorf("%q", got)
	}
	for _, none := range []string{`level=info msg="{\"kind\":\"Pod\"}"`, `level=info msg="{\x`, `msg=text`} {
		if got := openedBy(t, logrus, none); len(got) != 0 {
			t.Errorf("%s holds %q", none, got)
		}
	}
}
