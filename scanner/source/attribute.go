package source

// An Attribution is where a stream comes from, as far as its path tells.
type Attribution struct{ Host, Cluster, Pod, Namespace, Container string }
