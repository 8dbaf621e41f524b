package dockerd

import "tideline/parsers"

// mapping is what the fields of rules stand for.
var mapping = []parsers.Mapping{
	{Field: "*", Is: "the key of the line of that name: level, msg, error, host, module"},
	{Field: "method http.method request-url", Is: "of the call, wherever the line has them"},
	{Field: "http.path", Is: "its path, decoded, without version and without podman's /libpod"},
	{Field: "http.query", Is: "its query, decoded"},
	{Field: "status", Is: "of the answer, where one is logged"},
	{Field: "body.*", Is: "member of the request's JSON body, keys in any case; body.Cmd and body.Entrypoint give all members joined by blanks, and then each"},
	{Field: "docker.action", Is: "what the call does: inspect, logs, exec_create"},
	{Field: "docker.cmd CommandLine", Is: "the command that is run"},
	{Field: "container.id", Is: "id or name of the container in the path"},
	{Field: "container.image", Is: "that a container is created from"},
}
