// The calls that Terraform's openstack_db_* resources make, in their order: create, wait, read, change, delete.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/db/v1/configurations"
	"github.com/gophercloud/gophercloud/openstack/db/v1/databases"
	"github.com/gophercloud/gophercloud/openstack/db/v1/instances"
	"github.com/gophercloud/gophercloud/openstack/db/v1/users"
)

func must(what string, err error) {
	if err != nil {
		fmt.Println(what+":", err)
		os.Exit(1)
	}
}

func demand(what string, holds bool) {
	if !holds {
		fmt.Println("not so:", what)
		os.Exit(1)
	}
}

func await(what string, holds func() bool) {
	for end := time.Now().Add(4 * time.Minute); !holds(); time.Sleep(time.Second) {
		demand(what, time.Now().Before(end))
	}
}

func main() {
	provider, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{
		IdentityEndpoint: os.Getenv("OS_AUTH_URL"), Username: os.Getenv("OS_USERNAME"), Password: os.Getenv("OS_PASSWORD"),
		DomainName: os.Getenv("OS_USER_DOMAIN_NAME"), TenantName: os.Getenv("OS_PROJECT_NAME"),
	})
	must("login", err)
	db, err := openstack.NewDBV1(provider, gophercloud.EndpointOpts{Region: os.Getenv("OS_REGION_NAME")})
	must("catalogue", err)
	datastore := instances.DatastoreOpts{Type: "mariadb", Version: "10.11"}

	// openstack_db_configuration_v1
	group, err := configurations.Create(db, configurations.CreateOpts{
		Name: "tf-group", Description: "by a test", Values: map[string]interface{}{"max_connections": 77},
		Datastore: &configurations.DatastoreOpts{Type: datastore.Type, Version: datastore.Version},
	}).Extract()
	must("create configuration", err)
	read, err := configurations.Get(db, group.ID).Extract()
	must("read configuration", err)
	demand("a configuration has its values", fmt.Sprint(read.Values["max_connections"]) == "77")
	parameters, err := configurations.ListGlobalParams(db, read.DatastoreVersionID).AllPages()
	must("list parameters", err)
	offered, err := configurations.ExtractParams(parameters)
	must("read parameters", err)
	demand("parameters are offered", len(offered) > 0)

	// openstack_db_instance_v1
	made, err := instances.Create(db, instances.CreateOpts{
		Name: "tf", FlavorRef: "7", Size: 1, Datastore: &datastore,
		Databases: databases.BatchCreateOpts{{Name: "shop", CharSet: "utf8mb4"}},
		Users:     users.BatchCreateOpts{{Name: "app", Password: "secret", Host: "%", Databases: databases.BatchCreateOpts{{Name: "shop"}}}},
	}).Extract()
	must("create instance", err)
	await("the instance is ACTIVE", func() bool {
		one, err := instances.Get(db, made.ID).Extract()
		must("read instance", err)
		demand("no ERROR", one.Status != "ERROR")
		return one.Status == "ACTIVE"
	})

	// Its configuration_id is attached behind the creation, and taken off before the deletion.
	must("attach configuration", instances.AttachConfigurationGroup(db, made.ID, group.ID).ExtractErr())
	used := func() int {
		pages, err := configurations.ListInstances(db, group.ID).AllPages()
		must("list the configuration's instances", err)
		all, err := instances.ExtractInstances(pages)
		must("read the configuration's instances", err)
		return len(all)
	}
	demand("the configuration is used", used() == 1)
	must("change configuration", configurations.Update(db, group.ID, configurations.UpdateOpts{
		Values: map[string]interface{}{"max_connections": 78},
	}).ExtractErr())
	must("detach configuration", instances.DetachConfigurationGroup(db, made.ID).ExtractErr())
	await("the configuration is not used", func() bool { return used() == 0 })

	// openstack_db_database_v1, openstack_db_user_v1
	must("create database", databases.Create(db, made.ID, databases.BatchCreateOpts{{Name: "more"}}).ExtractErr())
	await("the database is listed", func() bool {
		pages, err := databases.List(db, made.ID).AllPages()
		must("list databases", err)
		all, err := databases.ExtractDBs(pages)
		must("read databases", err)
		return len(all) == 2
	})
	must("create user", users.Create(db, made.ID, users.BatchCreateOpts{{Name: "eve", Password: "other"}}).ExtractErr())
	await("the user is listed", func() bool {
		pages, err := users.List(db, made.ID).AllPages()
		must("list users", err)
		all, err := users.ExtractUsers(pages)
		must("read users", err)
		return len(all) == 2
	})
	must("delete user", users.Delete(db, made.ID, "eve").ExtractErr())
	must("delete database", databases.Delete(db, made.ID, "more").ExtractErr())

	must("delete instance", instances.Delete(db, made.ID).ExtractErr())
	await("the instance is gone", func() bool {
		_, err := instances.Get(db, made.ID).Extract()
		_, isGone := err.(gophercloud.ErrDefault404)
		return isGone
	})
	must("delete configuration", configurations.Delete(db, group.ID).ExtractErr())
	fmt.Println("all is well")
}
