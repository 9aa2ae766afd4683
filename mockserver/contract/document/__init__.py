"""The contract as a document: made from the rule table, proved against the published one."""
