package envelope

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"tideline/parsers"
)

// bigQuery is an entry of Cloud Logging as a row of BigQuery: of the table that a
// sink writes (column protopayload_auditlog, with the bodies as text), or of a
// dataset that is linked to a log bucket (column proto_payload.audit_log, whose
// members are spelled like_this). It is spelled as an entry again (Cloud Logging,
// "BigQuery schema for logs", LogEntry, AuditLog).
var bigQuery = Envelope{Name: "gke-bigquery", JSON: true, Words: []string{`"audit_log"`, `"protopayload_auditlog"`}, Open: openBigQuery}

func openBigQuery(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '{' {
		return false, nil
	}
	linked := bytes.Contains(rec.Data, []byte(`"audit_log"`))
	if !linked && !bytes.Contains(rec.Data, []byte(`"protopayload_auditlog"`)) {
		return false, nil
	}
	entry := []byte{'{'}
	found := false
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "protopayload_auditlog":
			found = len(value) > 0 && value[0] == '{'
			entry = appendMember(entry, []byte("protoPayload"), auditLog(value))
		case "proto_payload":
			log := get(value, "audit_log")
			found = len(log) > 0 && log[0] == '{'
			entry = appendMember(entry, []byte("protoPayload"), auditLog(log))
		case "timestamp":
			entry = appendMember(entry, key, rowTime(value))
		case "labels":
			entry = appendMember(entry, key, rowLabels(value))
		default:
			if linked {
				key = camel(key)
			}
			entry = appendMember(entry, key, value)
		}
		return true
	})
	if !found {
		return false, nil
	}
	return payload(enter(rec, "gke-bigquery"), append(entry, '}'), emit)
}

// auditLog spells the members of an AuditLog as the API does. What a request or
// answer holds is the client's.
func auditLog(log []byte) []byte {
	out := []byte{'{'}
	members(log, func(key, value []byte) bool {
		switch string(key) {
		case "requestJson", "responseJson", "metadataJson":
			s, _ := text(value)
			if len(s) == 0 || s[0] != '{' || !json.Valid(s) {
				return true
			}
			key, value = bytes.TrimSuffix(key, []byte("Json")), s
		case "request", "response", "metadata":
		default:
			key, value = camel(key), camelMembers(value, 0)
		}
		if string(value) != "null" && len(value) > 0 {
			out = appendMember(out, key, value)
		}
		return true
	})
	return append(out, '}')
}

// maxCamel is how deep members of an AuditLog, its bodies aside, are nested at most.
const maxCamel = 8

// camelMembers is value with all keys in it spelledLikeThis.
func camelMembers(value []byte, depth int) []byte {
	if len(value) == 0 || depth == maxCamel || value[0] != '{' && value[0] != '[' {
		return value
	}
	if value[0] == '{' {
		out := []byte{'{'}
		members(value, func(key, v []byte) bool {
			out = appendMember(out, camel(key), camelMembers(v, depth+1))
			return true
		})
		return append(out, '}')
	}
	out := []byte{'['}
	elements(value, func(v []byte) bool {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, camelMembers(v, depth+1)...)
		return true
	})
	return append(out, ']')
}

// camel is a key that is spelled_like_this, spelledLikeThis.
func camel(key []byte) []byte {
	if bytes.IndexByte(key, '_') < 0 {
		return key
	}
	words := strings.Split(string(key), "_")
	for i, w := range words {
		if i > 0 && w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return []byte(strings.Join(words, ""))
}

// rowTime is a time of BigQuery, a text in UTC or a number of seconds, by RFC 3339.
func rowTime(value []byte) []byte {
	s := string(bytes.Trim(value, `"`))
	t := stamp([]byte(strings.TrimSuffix(s, " UTC")))
	if seconds, err := strconv.ParseFloat(s, 64); t.IsZero() && err == nil && seconds > 0 && seconds < 1e11 { // 1.6191892275E9
		t = time.UnixMicro(int64(seconds * 1e6))
	}
	if t.IsZero() {
		return value
	}
	return strconv.AppendQuote(nil, t.UTC().Format(time.RFC3339Nano))
}

// rowLabels gives labels their dots and slashes back, for which columns have
// underscores: authorization_k8s_io_decision. Those of linked datasets have them.
func rowLabels(value []byte) []byte {
	if len(value) == 0 || value[0] != '{' {
		return value
	}
	out := []byte{'{'}
	members(value, func(key, v []byte) bool {
		if group, name, ok := strings.Cut(string(key), "_k8s_io_"); ok {
			key = []byte(strings.ReplaceAll(group, "_", ".") + ".k8s.io/" + name)
		}
		out = appendMember(out, key, v)
		return true
	})
	return append(out, '}')
}
