"""The provider accounts: what the settings say, what Dataverse shows, what to enter at the provider."""
