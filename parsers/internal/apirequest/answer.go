package apirequest

// Fields that both the audit log and the access lines have no member for, and that
// mean the same in either. The texts are shared and must not be changed.

var (
	textTrue, textFalse                    = []byte("true"), []byte("false")
	textObject, textNamespace, textCluster = []byte("object"), []byte("namespace"), []byte("cluster")
)

// Bool is b as the value of a field: true or false.
func Bool(b bool) []byte {
	if b {
		return textTrue
	}
	return textFalse
}

// Succeeded reports whether a status of HTTP is one of success: 2xx, or 101, by which
// an exec, an attach and a port-forward begin.
func Succeeded(code int) bool { return code == 101 || code >= 200 && code < 300 }

// Scope is how much one request reaches: an object, a namespace or the cluster; nil for
// a request that is about no resource.
func Scope(name, namespace []byte, resource bool) []byte {
	switch {
	case len(name) > 0:
		return textObject
	case len(namespace) > 0:
		return textNamespace
	case resource:
		return textCluster
	}
	return nil
}
