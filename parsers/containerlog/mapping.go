package containerlog

import "tideline/parsers"

// mapping is what the fields of rules stand for.
var mapping = []parsers.Mapping{
	{Field: "log message", Is: "the line, without its newline"},
	{Field: "stream", Is: "stdout or stderr"},
	{Field: "container.id container.name container.image container.pod container.namespace", Is: "of the container that wrote the line, as far as path, labels or shipper tell"},
	{Field: "kubernetes.container_name kubernetes.pod_name kubernetes.namespace_name", Is: "the same, as shippers call them"},
	{Field: "host", Is: "the node"},
	{Field: "attrs.*", Is: "what options of the log driver add: labels, env, tag"},
	{Field: "jwt.*", Is: "claims of each JSON web token in the line, not verified: jwt.sub, jwt.iss, jwt.kubernetes.io.pod.name"},
	{Field: "*", Is: "a member of the shipper's object, or of the line itself if the application logs JSON"},
}
