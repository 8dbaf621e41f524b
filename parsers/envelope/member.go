package envelope

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/words"
)

// member is any object one of whose members, whatever it is called, holds records:
// a text, an object, or an array. There are more tools that ship logs than anyone
// knows, and each has a name of its own for the line. It is tried when no other
// envelope held anything, and only of members that have a record's words in them.
var member = Envelope{Name: "json-member", JSON: true, Any: true, Words: memberMarks[:], Open: openMember}

// memberMarks are words of records that stay what they are however often the text
// around them was escaped.
var memberMarks = [...]string{
	"auditID", "protoPayload", "protopayload_auditlog", "AUDIT: id=", "auditid", // Kubernetes
	"msg=audit(", "timeNano", "level=debug msg=", // auditd, Docker
	"httplog.go:", // access lines of Kubernetes components
}

// ownKeys are keys of records themselves, whose members are no records.
var ownKeys = map[string]bool{"auditID": true, "protoPayload": true, "protopayload_auditlog": true, "timeNano": true}

// recordKeys are keys of objects that an envelope knows, or may know: such a one is
// handed on as it is, with all that it tells beside the record.
var recordKeys = map[string]bool{
	"message": true, "log": true, "_raw": true, "MESSAGE": true, "properties": true, "_source": true, "kubernetes": true, "azure": true,
	"stream": true, "columns": true, "resourceLogs": true, "logEvents": true, "jsonPayload": true,
}

// maxWrappers is how many objects may lie around a record, or an array of them, of
// which each has nothing else in it that could be one: {"data":{"account":{"results":[.
const maxWrappers = 8

func openMember(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if rec.Data[0] != '{' && rec.Data[0] != '[' || !hasMark(rec.Data) {
		return false, nil
	}
	in := enter(rec, "json-member")
	if rec.Data[0] == '[' {
		return openEach(rec, in, eachColumn, rec.Data, emit)
	}
	value, _, ok := markedMember(rec.Data, in)
	if !ok {
		return false, nil
	}
	if longest := tell(value); others(rec.Data, longest) {
		each := func(object []byte, f func([]byte) bool) bool { return eachRecord(object, longest, f) }
		return openEach(rec, in, each, rec.Data, emit)
	}
	for n := 0; n < maxWrappers && value[0] == '{'; n++ {
		inner, sole, ok := markedMember(value, in)
		if !ok || !sole || inner[0] == '"' {
			break
		}
		value = inner
	}
	if value[0] != '[' {
		return openValue(in, value, emit)
	}
	return openEach(rec, in, eachColumn, value, emit)
}

// eachColumn calls f for the elements of an array, but for arrays in which no record
// is: of a table that is there column by column ({"columns":[[time, ...],[line, ...]]},
// Splunk's json_cols), those are the other columns.
func eachColumn(array []byte, f func(value []byte) bool) bool {
	return elements(array, func(value []byte) bool {
		return value[0] == '[' && !hasMark(value) || f(value)
	})
}

// openEach emits the records that each finds in a value of rec.
func openEach(rec, in *parsers.Record, each func([]byte, func([]byte) bool) bool, value []byte, emit func(*parsers.Record) error) (bool, error) {
	opened := false
	var err error
	each(value, func(value []byte) bool {
		one := *in
		one.Context = rec.Data // the head of a wrapper, as if it had been taken apart
		var is bool
		is, err = openValue(&one, value, emit)
		opened = opened || is
		return err == nil
	})
	return opened, err
}

// others reports whether an object has records beside the one in its longest member:
// events by their ids, as an index has them, or pages of lists.
func others(object []byte, longest told) bool {
	found := false
	members(object, func(_, value []byte) bool {
		found = isMarked(value) && !tell(value).isAgain(longest)
		return !found
	})
	return found
}

// eachRecord calls f for the records of such an object, until it returns false.
func eachRecord(object []byte, longest told, f func(value []byte) bool) bool {
	var before told
	return members(object, func(_, value []byte) bool {
		if !isMarked(value) {
			return true
		}
		one := tell(value)
		switch {
		case !one.is(longest) && one.isAgain(longest), before.value != nil && one.isAgain(before):
			return true
		case value[0] == '[':
			goOn := true
			elements(value, func(value []byte) bool {
				goOn = f(value)
				return goOn
			})
			return goOn
		}
		before = one
		return f(value)
	})
}

// A told is a member that has a record, and what says which.
type told struct{ value, id []byte }

func tell(value []byte) told { return told{value, identity(value)} }

func (a told) is(b told) bool { return &a.value[0] == &b.value[0] }

// isAgain reports whether two members tell the same record, whole or in part: a line as
// it was and what was made of it. Of those that do not say which record they are, two
// objects are two.
func (a told) isAgain(b told) bool {
	switch {
	case a.is(b):
		return true
	case a.id == nil || b.id == nil:
		return a.value[0] != '{' || b.value[0] != '{'
	}
	return bytes.Equal(a.id, b.id)
}

// identity is what tells the first record in a value from others; nil if it has no
// words of those that do.
func identity(value []byte) []byte {
	for _, mark := range [...]string{"auditID", "auditid", "AUDIT: id=", "msg=audit(", "timeNano"} {
		i := bytes.Index(value, []byte(mark))
		if i < 0 {
			continue
		}
		rest := bytes.TrimLeft(value[i+len(mark):], "\\\": =")
		if n := bytes.IndexAny(rest[:min(len(rest), 64)], "\\\",)}"); n > 0 {
			return rest[:n]
		}
	}
	return nil
}

func isMarked(value []byte) bool {
	return len(value) > 0 && (value[0] == '"' || value[0] == '{' || value[0] == '[') && hasMark(value)
}

// markedMember is the member of an object that has a record's words in it, the longest
// if there are several: where a line is there twice, one of them is an extract. It has
// none if it is a record itself. sole: nothing else of the object could be one, and no
// envelope knows it. What it says of time and host goes to in.
func markedMember(object []byte, in *parsers.Record) (longest []byte, sole, ok bool) {
	own, known, n := false, false, 0
	members(object, func(key, value []byte) bool {
		own = own || ownKeys[string(key)]
		known = known || recordKeys[string(key)]
		switch string(key) {
		case "time", "timestamp", "@timestamp", "date", "ts":
			if t := stamp(value); !t.IsZero() {
				in.Origin.Time = t
			}
		case "host", "hostname":
			if s := str(value); s != "" {
				in.Origin.Host = s
			}
		case "agent": // of Wazuh, and of beats
			if s := str(get(value, "name")); s != "" && in.Origin.Host == "" {
				in.Origin.Host = s
			}
		}
		if isMarked(value) {
			if n++; len(value) > len(longest) {
				longest = value
			}
		}
		return !own
	})
	return longest, n == 1 && !known, longest != nil && !own
}

// openValue emits what a text says, line by line if it is a whole file, as tools have it
// that run commands on other machines; or an object or array as it is.
func openValue(in *parsers.Record, value []byte, emit func(*parsers.Record) error) (bool, error) {
	if s, ok := text(value); ok {
		if bytes.IndexByte(bytes.TrimSpace(s), '\n') >= 0 {
			return true, spread(in, bytes.NewReader(s), emit)
		}
		return payload(in, s, emit)
	}
	if len(value) > 0 && (value[0] == '{' || value[0] == '[') {
		return payload(in, value, emit)
	}
	return false, nil
}

var memberWords = words.New(memberMarks[:]...)

func hasMark(b []byte) bool { return memberWords.In(b) }
