package apirequest

import (
	"net/netip"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"9.9.9.9": true, "2606:4700::1": true, "100.63.255.255": true, "100.128.0.1": true,
		"10.0.0.1": false, "192.168.0.1": false, "172.16.0.1": false, "127.0.0.1": false, "169.254.169.254": false, "224.0.0.1": false, "255.255.255.255": false, "0.0.0.0": false, "0.1.2.3": false,
		"100.64.0.1": false, "192.0.2.1": false, "198.51.100.1": false, "203.0.113.1": false, "198.18.0.1": false, "240.0.0.1": false,
		"::1": false, "fe80::1": false, "fd00::1": false, "2001:db8::1": false, "100::1": false, "64:ff9b:1::1": false, "2001::1": false, "3fff::1": false,
	} {
		if got := IsPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("IsPublic(%s) = %v", address, got)
		}
	}
}

// TestWhatSucceeded: an exec begins with a switch of protocols; a redirect gives nothing.
func TestWhatSucceeded(t *testing.T) {
	for code, want := range map[int]bool{101: true, 200: true, 201: true, 299: true, 0: false, 100: false, 102: false, 199: false, 300: false, 304: false, 403: false, 500: false} {
		if got := Succeeded(code); got != want || string(Bool(got)) != map[bool]string{true: "true", false: "false"}[want] {
			t.Errorf("Succeeded(%d) = %v", code, got)
		}
	}
}

// TestScope: how much one request reaches.
func TestScope(t *testing.T) {
	for _, c := range []struct {
		name, namespace string
		resource        bool
		want            string
	}{
		{"db", "prod", true, "object"}, {"w2", "", true, "object"}, {"", "prod", true, "namespace"}, {"", "", true, "cluster"}, {"", "", false, ""},
	} {
		if got := Scope([]byte(c.name), []byte(c.namespace), c.resource); string(got) != c.want || got == nil != (c.want == "") {
			t.Errorf("%q in %q: %q, want %q", c.name, c.namespace, got, c.want)
		}
	}
}

// TestPathsAreDecodedOnce: what is no escape stays, and a plus sign is one in a path.
func TestPathsAreDecodedOnce(t *testing.T) {
	for uri, want := range map[string]string{
		"/a%2Fb%2fc?x=%41": "/a/b/c", "/a+b": "/a+b", "/%2541": "/%41", "/%": "/%", "/%4": "/%4", "/%4g": "/%4g", "/%g4": "/%g4", "/%zz%41": "/%zzA", "": "", "?x": "", "/%5B%5b%3a%7F": "/[[:\x7f", "/%@1": "/%@1", "/%/1": "/%/1", "/%:1": "/%:1",
	} {
		if got := string(AppendPath(nil, []byte(uri))); got != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
	}
}
