package sigma

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// ParseLists reads value lists for placeholders from YAML: a map of list name
// to values. What it returns fits Options.Placeholders. path is for messages.
func ParseLists(path string, data []byte) (map[string][]string, error) {
	if len(data) > MaxFileBytes {
		return nil, fmt.Errorf("%s: %d bytes; %d is the most", path, len(data), MaxFileBytes)
	}
	var lists map[string][]string
	if err := yaml.Unmarshal(data, &lists); err != nil {
		return nil, fmt.Errorf("%s: want a map of list name to values: %w", path, err)
	}
	return lists, nil
}
