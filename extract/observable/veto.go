package observable

import "strings"

// versionBefore reports whether the words before place i say that a number is a version.
func versionBefore(text string, i int) bool {
	before := strings.ToLower(text[max(0, i-24):i])
	before = strings.TrimRight(before, " (\u00a0")
	if products(before) {
		return true
	}
	for _, w := range []string{"version", "versions", "ver", "ver.", " v", "release", "build", "firmware", "update", "patch", "section", "chapter"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}

// products reports whether text ends with the name of a product whose versions have four parts.
func products(before string) bool {
	word := before[strings.LastIndexAny(before, " \n\t(")+1:]
	switch word {
	case "android", "windows", "ios", "ipados", "macos", "linux", "chrome", "firefox", "edge", "safari", "log4j", "apache", "tomcat", "struts", "php", "java", "openssl", "exchange", "sharepoint", "confluence", "jira",
		"moveit", "goanywhere", "fortios", "pan-os", "junos", "ivanti", "citrix", "netscaler", "wordpress", "drupal", "python", "openssh", "kernel", "acrobat", "reader", "flash", "teams", "outlook", "server",
		"screenconnect", "veeam", "vcenter", "esxi", "splunk", "zimbra", "before", "below":
		return true
	}
	return false
}

// fileName reports whether a name with one dot ends like a file.
func fileName(low string) bool {
	i := strings.LastIndexByte(low, '.')
	switch low[i+1:] {
	case "zip", "py", "md", "sh", "rs", "pl", "so", "ps", "cc", "mov", "app", "java", "bat", "com":
		return low[i+1:] != "com" && low[i+1:] != "app" || low == "command.com"
	}
	return false
}

// product reports whether a name is that of a product although its ending is public.
func product(low string) bool {
	switch low {
	case "asp.net", "node.js", "next.js", "vb.net", "ado.net", "socket.io", "system.io", "ml.net", "e.g", "i.e", "u.s", "u.k", "a.m", "p.m", "ph.d":
		return true
	}
	first, rest, _ := strings.Cut(low, ".")
	switch first {
	case "inc", "corp", "ltd", "llc", "plc", "mr", "mrs", "ms", "dr", "st", "vs", "gov", "sen", "rep":
		return !strings.Contains(rest, ".")
	case "com", "org", "net", "io", "edu":
		return strings.Contains(rest, ".")
	}
	return len(low) < 4 || strings.HasPrefix(low, "system.")
}

// broken reports whether a dot without a space joins two sentences: "attack.The".
func broken(host string) bool {
	i := strings.LastIndexByte(host, '.')
	last := host[i+1:]
	return last != strings.ToLower(last) && host != strings.ToUpper(host)
}
