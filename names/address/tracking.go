package address

import (
	"slices"
	"strings"
)

// tracking reports whether a query parameter only tells a publisher where its reader came from.
func tracking(name string) bool {
	switch {
	case strings.HasPrefix(name, "utm_"), strings.HasPrefix(name, "pk_"), strings.HasPrefix(name, "mtm_"),
		strings.HasPrefix(name, "piwik_"), strings.HasPrefix(name, "matomo_"), strings.HasPrefix(name, "hsa_"),
		strings.HasPrefix(name, "at_campaign"), strings.HasPrefix(name, "at_medium"), strings.HasPrefix(name, "guce_"):
		return true
	}
	_, found := slices.BinarySearch(trackers, name)
	return found
}

// trackers are click and campaign identifiers, sorted.
var trackers = []string{
	"__hsfp", "__hssc", "__hstc", "__s", "__twitter_impression", "_branch_match_id", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat",
	"cmpid", "dclid", "dm_i", "ef_id", "epik", "fb_action_ids", "fb_ref", "fb_source", "fbclid", "gad_source", "gbraid", "gclid",
	"gclsrc", "hsctatracking", "icid", "igsh", "igshid", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber",
	"ml_subscriber_hash", "msclkid", "oly_anon_id", "oly_enc_id", "rb_clickid", "ref_src", "ref_url", "s_cid", "s_kwcid", "sref",
	"srsltid", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid", "wickedid", "xtor", "yclid", "ysclid",
}
