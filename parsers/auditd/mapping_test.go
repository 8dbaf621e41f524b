package auditd

import "testing"

// TestFieldsHaveAMeaning asks the table for every field that is known to need
// records of some type, and for those that public rules ask for.
func TestFieldsHaveAMeaning(t *testing.T) {
	for field := range fieldNeeds {
		if Format.Meaning("auditd_event", field) == "" && Format.Meaning("process_creation", field) == "" {
			t.Errorf("%s has no meaning", field)
		}
	}
	for view, fields := range map[string][]string{
		"auditd":             {"type", "a0", "SYSCALL", "exe", "key"},
		"process_creation":   {"Image", "CommandLine", "ParentImage", "ParentCommandLine", "User", "CurrentDirectory", "LogonId"},
		"file_event":         {"TargetFilename", "Image", "User"},
		"network_connection": {"DestinationHostname", "DestinationIp", "DestinationPort", "Initiated", "Image"},
	} {
		other := Format.Meaning(view, "no such field")
		for _, field := range fields {
			if is := Format.Meaning(view, field); is == "" || is == other && field != "exe" {
				t.Errorf("%s of %s: %q", field, view, is)
			}
		}
	}
}
