package envelope

import "strings"

// cloudEntry puts an entry of Google's Cloud Logging together from the columns of a
// row: those of its members, or of theirs by their paths, as the CSV of the Logs
// Explorer has them (protoPayload.authorizationInfo[0].granted). It is nil if the row
// is none.
func (r *row) cloudEntry() []byte {
	if r.get("protoPayload", "protoPayload.methodName") == nil {
		return nil
	}
	root := &node{}
	for i, name := range r.names {
		if value := r.values[i]; len(value) > 0 {
			root.set(entryPath(name), entryCell(name, value))
		}
	}
	return root.append(nil)
}

// entryPath is the path of a column. Labels have dots in their names.
func entryPath(name string) []string {
	for _, labels := range []string{"labels.", "resource.labels."} {
		if label, ok := strings.CutPrefix(name, labels); ok {
			return append(strings.Split(strings.TrimSuffix(labels, "."), "."), strings.Trim(label, `"`))
		}
	}
	name = strings.ReplaceAll(strings.ReplaceAll(name, "[", "."), "]", "")
	return strings.Split(name, ".")
}

// entryCell is the JSON of a cell. Numbers are texts but for the code of the status:
// who names an account 1e3 is called so.
func entryCell(name string, value []byte) []byte {
	isText := value[0] != '{' && value[0] != '[' && string(value) != "true" && string(value) != "false" && !strings.HasSuffix(name, "status.code")
	return cellJSON(value, isText)
}
