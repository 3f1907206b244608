package catalogue

// producer names the organisation behind a uuid of MISP's producer galaxy, as name attributions refer to it; empty when unknown.
// Blogs are named for the organisation that keeps them.
func producer(uuid string) string {
	switch uuid {
	case "d0c33595-b684-45ef-91c3-e2f5ce1a8191":
		return "Microsoft"
	case "f9eb432f-2293-48b7-bca4-cc78beb50df0":
		return "CrowdStrike"
	case "da5cdcd1-7b15-4371-b7eb-ca32916d2052":
		return "Mandiant"
	case "a7119872-bc6b-494b-9f7a-8c50faaf53a9":
		return "Secureworks"
	case "a1ad5090-2487-46d2-8237-6151a2dd5063":
		return "MITRE ATT&CK"
	case "cae79680-67a6-4411-903c-f824dbcc813f":
		return "Proofpoint"
	case "e9491d3b-2174-47d6-8a15-ecec552d16ae":
		return "Palo Alto Networks"
	case "0d4886f9-97e1-4cb2-8822-580fd09540e5":
		return "Kaspersky"
	case "3ac8f6fc-9c04-4ebd-bda2-788cc02fe4ed":
		return "Trend Micro"
	case "598308b3-5475-48c6-9a2c-676fe1d2c6fb":
		return "Google"
	case "0adf6f0f-3795-4de1-9763-1bdd1c31a5d7":
		return "Cisco Talos"
	case "3a43aca5-6366-4168-b182-a8afec4550b5":
		return "ESET"
	case "ad7032df-0e9a-4ea9-b35c-c68ff854be80":
		return "Recorded Future"
	case "e583434b-7fb8-42c8-90ce-89aa8ed35f0c", "0904b30c-a86b-402b-9a14-87bbc44648aa":
		return "Symantec"
	case "adb3369a-5683-46b2-bceb-4dafa6526b21":
		return "Check Point"
	case "996c48de-7bb8-414d-b6fe-ec94abb5f461":
		return "SentinelOne"
	}
	return smallProducer(uuid)
}

// smallProducer names the organisations that few names are attributed to.
func smallProducer(uuid string) string {
	switch uuid {
	case "21afba9e-cd2a-45c9-b421-b1f14fd181e9":
		return "Group-IB"
	case "e4ed3168-7830-490f-9eed-d1b3ef2daccd":
		return "Dragos"
	case "b8ca0932-c4cb-45c0-b7b1-88b9685ba24b":
		return "McAfee"
	case "9f2ba728-8b29-48f9-badf-4f4cefb929f0":
		return "PwC"
	case "c2f76813-f24c-450e-abfd-0db4495ab68e":
		return "Volexity"
	case "f063b54b-293c-4713-87c1-92ff760ee4ba":
		return "Malwarebytes"
	case "1c141c9b-ec78-4f86-a8ea-b02944fa5492":
		return "Bitdefender"
	case "455b9e40-e8dd-443b-87b3-c70bd09b4231":
		return "Sophos"
	case "ac46bac7-e7b5-4efe-8f32-b79e9015ab86":
		return "Intezer"
	case "bfafdca5-3171-4953-86ab-c74f44822fd3":
		return "Fortinet"
	case "58d7efca-402a-4b36-9178-dc14e52f12e5":
		return "Elastic"
	case "94e95ed2-e07a-464a-9d56-a03679b9717a":
		return "BlackBerry"
	case "d597f230-4f70-43cb-817e-c745efd4fe35":
		return "WithSecure"
	case "3176f708-da5b-4c41-926b-0a94ebeb0e3b":
		return "Trellix"
	case "adc57f66-9910-4500-a16b-311cd4f08409":
		return "Rapid7"
	case "1427d7df-a9b8-4809-afe0-1180cfdd930d":
		return "Zscaler"
	}
	return ""
}
