//! What a user may do.

model! {
    /// The roles of a [`User`](super::User), and the permissions that come with them.
    pub struct UserAuthorization {
        /// Roles that the user has.
        roles: Vec<DomainRole> => "roles",
        /// Roles that the user has and makes no use of. Set by the service.
        unused_roles: Vec<DomainRole> => "unusedRoles",
        /// The permissions of all roles together, such as `externalContacts:contact:view`. Set by the service.
        permissions: Vec<String> => "permissions",
        /// Rules that narrow some of the permissions. Set by the service.
        permission_policies: Vec<ResourcePermissionPolicy> => "permissionPolicies",
    }
}

model! {
    /// A role in a [`UserAuthorization`].
    pub struct DomainRole {
        /// The role's id.
        id: String => "id",
        /// What administrators call the role.
        name: String => "name",
    }
}

model! {
    /// A rule of a [`UserAuthorization`]: on which entities which actions are allowed, and when.
    pub struct ResourcePermissionPolicy {
        /// The rule's id.
        id: String => "id",
        /// The part of Genesys Cloud that the rule is about, such as `externalContacts`.
        domain: String => "domain",
        /// The kind of entity that the rule is about, such as `contact`.
        entity_name: String => "entityName",
        /// What the rule is called.
        policy_name: String => "policyName",
        /// What the rule is for.
        policy_description: String => "policyDescription",
        /// Identifies the set of actions that the rule allows.
        action_set_key: String => "actionSetKey",
        /// Whether the rule may have conditions.
        allow_conditions: bool => "allowConditions",
        /// When the rule holds, as a tree.
        resource_condition_node: Box<ResourceConditionNode> => "resourceConditionNode",
        /// Names that the condition can refer to.
        named_resources: Vec<String> => "namedResources",
        /// When the rule holds, as text.
        resource_condition: String => "resourceCondition",
        /// The actions that the rule allows, such as `view`.
        action_set: Vec<String> => "actionSet",
    }
}

model! {
    /// A node in the condition of a [`ResourcePermissionPolicy`]: a comparison, or several nodes joined.
    pub struct ResourceConditionNode {
        /// What a comparison looks at.
        variable_name: String => "variableName",
        /// How `terms` are joined.
        conjunction: ConditionConjunction => "conjunction",
        /// How a comparison compares.
        operator: ConditionOperator => "operator",
        /// What a comparison compares with.
        operands: Vec<ResourceConditionValue> => "operands",
        /// The nodes that are joined.
        terms: Vec<ResourceConditionNode> => "terms",
    }
}

model! {
    /// How a [`ResourceConditionNode`] joins its terms.
    pub enum ConditionConjunction {
        /// All terms must hold.
        And => "AND",
        /// One term is enough.
        Or => "OR",
    }
}

model! {
    /// How a [`ResourceConditionNode`] compares.
    pub enum ConditionOperator {
        /// Equal.
        Eq => "EQ",
        /// One of several.
        In => "IN",
        /// Greater or equal.
        Ge => "GE",
        /// Greater.
        Gt => "GT",
        /// Less or equal.
        Le => "LE",
        /// Less.
        Lt => "LT",
    }
}

model! {
    /// A value that a [`ResourceConditionNode`] compares with.
    pub struct ResourceConditionValue {
        /// How to read `value`. On the wire it is `type`.
        kind: ConditionValueType => "type",
        /// A literal value, the name of a variable, or the id of an entity.
        value: String => "value",
    }
}

model! {
    /// How to read a [`ResourceConditionValue`].
    pub enum ConditionValueType {
        /// It is the value itself.
        Scalar => "SCALAR",
        /// It names a variable.
        Variable => "VARIABLE",
        /// It is the id of a user.
        User => "USER",
        /// It is the id of a queue.
        Queue => "QUEUE",
        /// It is the id of a team.
        Team => "TEAM",
    }
}
